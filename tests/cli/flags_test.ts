import { z } from "zod";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { describeOptions } from "../../src/cli/help.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { validateOptions } from "../../src/cli/validate.ts";
import { studySchema } from "../../src/spec/study.ts";

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

Deno.test("readFlags() takes one value for a list that may be one, as before it was a list", () => {
  assertEquals(read("--multiplicity", "7"), { multiplicity: 7 });
  assertEquals(read("--multiplicity", "1,7"), { multiplicity: [1, 7] });
  assertEquals(read("--draw-train", "50,all"), { drawTrain: [50, "all"] });
});

Deno.test("readFlags() takes none for a list without entries where that is allowed", () => {
  assertEquals(read("--attacks", "none"), { attacks: [] });
  assertEquals(read("--attacks", "fgsm,none"), { attacks: ["fgsm", "none"] });
  assertEquals(read("--policy", "none"), { policy: ["none"] });
  assertStringIncludes(
    describeOptions(studySchema),
    "--attacks TEXT,…|none\n",
  );
});

Deno.test("readFlags() takes a list entry by entry where entries may have commas", () => {
  const schema = z.strictObject({
    name: z.array(z.string()).min(1).optional().meta({ isRepeated: true }),
  });
  assertEquals(readFlags(schema, ["--name=a, b", "--name", "c"]), {
    name: ["a, b", "c"],
  });
  assertEquals(readFlags(schema, []), {});
  assertStringIncludes(describeOptions(schema), "--name TEXT\n");
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
  assertThrows(
    () => readFlags(studySchema, ["quick"], { likelyOption: "model" }),
    UsageError,
    'Unexpected word "quick": did you mean "--model quick"?',
  );
  for (const seeds of [["--seeds", "1,", "2"], ["--seeds=1", "2"]]) {
    assertThrows(
      () => read(...seeds),
      UsageError,
      'Unexpected word "2": the values of --seeds are joined by commas without spaces',
    );
  }
  assertThrows(
    () => read("--epochs", "3", "4"),
    UsageError,
    'Unexpected word "4": no option takes it',
  );
  assertThrows(() => read("--epochs"), UsageError, "needs a value");
  assertThrows(
    () => read("--seeds", "1", "--seeds", "2"),
    UsageError,
    "given once",
  );
});

Deno.test("validateOptions() names the flag, what is wanted and what was given", () => {
  const error = assertThrows(
    () =>
      validateOptions({ options: studySchema }, {
        name: "x",
        ...read("--epochs", "ten"),
      }),
    UsageError,
  );
  assertStringIncludes(error.message, "--epochs");
  assertStringIncludes(error.message, '"ten"');
  const policy = assertThrows(
    () =>
      validateOptions({ options: studySchema }, {
        name: "x",
        ...read("--policy", "random"),
      }),
    UsageError,
  );
  assertStringIncludes(policy.message, "--policy");
  assertStringIncludes(policy.message, "class-biased");
});

Deno.test("describeOptions() has every field of the study, with its default", () => {
  const text = describeOptions(studySchema);
  for (const field of Object.keys(studySchema.shape)) {
    // Networks of a study's own come as files of --model, exclusions in a study
    // file.
    if (field === "networks" || field === "exclude") continue;
    const flag = field.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    assertStringIncludes(text, `--${flag}`);
  }
  assertStringIncludes(text, "(default 0,0.5,1)");
});

Deno.test("readFlags() takes -o FILE and -o=FILE for --out, where there is one", () => {
  const withOut = z.strictObject({ out: z.string().optional() });
  assertEquals(readFlags(withOut, ["-o", "x.json"]), { out: "x.json" });
  assertEquals(readFlags(withOut, ["-o=x.json"]), { out: "x.json" });
  assertThrows(() => read("-o", "x.json"), UsageError, 'option "-o"');
});

Deno.test("readFlags() takes a number below zero and an empty word for the value", () => {
  assertEquals(read("--epochs", "-1"), { epochs: -1 });
  assertEquals(read("--ratios", "-.5,1"), { ratios: [-0.5, 1] });
  assertThrows(
    () => read("--epochs", ""),
    UsageError,
    "--epochs needs a value",
  );
});

Deno.test("readFlags() refuses a value of a switch other than true and false", () => {
  assertEquals(read("--random-start=false"), { randomStart: false });
  assertThrows(
    () => read("--random-start=3"),
    UsageError,
    '--random-start takes no value, got "3"',
  );
  assertThrows(
    () => read("--no-random-start=false"),
    UsageError,
    '--no-random-start takes no value, got "false"',
  );
});

for (
  const [args, want] of [
    [["--epochs", "0"], "must be at least 1, got 0"],
    [["--epochs", "1.5"], "must be a whole number, got 1.5"],
    [["--epsilon", "0"], "must be above 0, got 0"],
    [["--epsilon", "2"], "must be at most 1, got 2"],
    [["--momentum", "1"], "must be below 1, got 1"],
    [["--ratios", "0,1e400"], "must be a number, got Infinity"],
    [["--ratios", "1/0"], 'must be a number, got "1/0"'],
    [["--epochs", "ten"], 'must be a number, got "ten"'],
    [["--multiplicity", "0"], "must be at least 1, got 0"],
    [["--multiplicity", "x"], 'must be a number or a list, got "x"'],
    [["--multiplicity", "1,x"], 'must be a number, got "x"'],
    [["--budget", "time"], "must be one of steps, epochs, got"],
  ] as const
) {
  Deno.test(`validateOptions() says of ${args.join(" ")} what is wanted`, () => {
    assertThrows(
      () =>
        validateOptions({ options: studySchema }, {
          name: "x",
          ...read(...args),
        }),
      UsageError,
      `${args[0]} ${want}`,
    );
  });
}

Deno.test("describeOptions() shows -o, how to turn off what is on, and what values are", () => {
  const text = describeOptions(z.strictObject({
    out: z.string().describe("Where to").meta({ value: "FILE" }),
    near: z.boolean().default(true).describe("Look"),
    json: z.boolean().default(false).describe("Print JSON"),
  }));
  assertEquals(
    text,
    [
      "  -o, --out FILE\n      Where to",
      "  --near, --no-near\n      Look (default yes)",
      "  --json\n      Print JSON",
    ].join("\n"),
  );
});
