import { assertEquals, assertRejects } from "@std/assert";
import { readStudy } from "../../src/cli/read_study.ts";
import { UsageError } from "../../src/core/errors.ts";

/** No study here is a file. */
const here = { path: (path: string) => path };

Deno.test("readStudy leaves out what only the policies left behind read", async () => {
  const study = await readStudy("corrected-standard", {
    policy: ["uniform", "class-biased"],
  }, here);
  assertEquals(study.class, undefined);
  assertEquals(study.policy, ["uniform", "class-biased"]);
});

Deno.test("readStudy keeps what a policy that stays reads", async () => {
  const study = await readStudy("corrected-standard", {
    policy: ["single-class"],
  }, here);
  assertEquals(study.class, 0);
});

Deno.test("readStudy still refuses a flag that has no effect", async () => {
  await assertRejects(
    () =>
      readStudy("corrected-standard", {
        policy: ["uniform"],
        class: 1,
      }, here),
    UsageError,
    "has no effect",
  );
});
