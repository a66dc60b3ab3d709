import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { describeOptions, readFlags, validate } from "../../src/cli/flags.ts";
import { studySchema } from "../../src/study/study.ts";

const read = (...args: string[]) => readFlags(studySchema, args);

Deno.test("readFlags() splits lists, reads fractions and negated switches", () => {
  assertEquals(
    read(
      "--ratios",
      "0,0.5,1",
      "--training=standard,adversarial",
      "--epsilon",
      "8/255",
      "--limit-train",
      "100",
      "--no-random-start",
    ),
    {
      ratios: [0, 0.5, 1],
      training: ["standard", "adversarial"],
      epsilon: 8 / 255,
      limitTrain: 100,
      randomStart: false,
    },
  );
});

Deno.test("readFlags() keeps out what was not given", () => {
  assertEquals(read(), {});
});

Deno.test("readFlags() names an unknown option and the nearest known one", () => {
  assertThrows(
    () => read("--epoch", "3"),
    UsageError,
    'Unknown option "--epoch": did you mean "--epochs"?',
  );
});

Deno.test("readFlags() refuses stray words, missing values and repetition", () => {
  assertThrows(() => read("quick"), UsageError, '"quick"');
  assertThrows(() => read("--epochs"), UsageError, "needs a value");
  assertThrows(() => read("--seeds", "1", "--seeds", "2"), UsageError, "twice");
});

Deno.test("validate() names the flag, what is wanted and what was given", () => {
  const error = assertThrows(
    () => validate(studySchema, { name: "x", ...read("--epochs", "ten") }),
    UsageError,
  );
  assertStringIncludes(error.message, "--epochs");
  assertStringIncludes(error.message, '"ten"');
  const policy = assertThrows(
    () => validate(studySchema, { name: "x", ...read("--policy", "random") }),
    UsageError,
  );
  assertStringIncludes(policy.message, "--policy");
  assertStringIncludes(policy.message, "class-biased");
});

Deno.test("describeOptions() has every field of the study, with its default", () => {
  const text = describeOptions(studySchema);
  for (const field of Object.keys(studySchema.shape)) {
    const flag = field.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    assertStringIncludes(text, `--${flag}`);
  }
  assertStringIncludes(text, "(default 0,0.5,1)");
});
