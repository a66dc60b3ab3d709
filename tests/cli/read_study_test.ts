import { assertEquals, assertRejects } from "@std/assert";
import { type GivenFields, readStudy } from "../../src/cli/read_study.ts";
import { UsageError } from "../../src/core/errors.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

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

Deno.test("readStudy leaves out how a folder is split where the data set is another one", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const given = { name: "mine", dataset: "folder" };
    await Deno.writeTextFile(path, JSON.stringify(given));
    assertEquals((await readStudy(path, {}, here)).split, "groups");
    const other = await readStudy(path, { dataset: "cifar10" }, here);
    assertEquals([other.dataset, other.split], ["cifar10", undefined]);
    const back = await readStudy("quick", { dataset: "folder" }, here);
    assertEquals(back.split, "groups");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readStudy leaves out the numbers of an optimizer and a schedule that flags displace", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const given = {
      name: "mine",
      optimizer: "sgd",
      momentum: 0.8,
      nesterov: true,
      weightDecay: 0.01,
      schedule: "one-cycle",
      scheduleStart: 0.5,
      scheduleWarmup: 0.5,
    };
    await Deno.writeTextFile(path, JSON.stringify(given));
    const { momentum, nesterov, weightDecay, scheduleStart, scheduleWarmup } =
      await readStudy(path, { optimizer: "adamw", schedule: "cosine" }, here);
    assertEquals(
      { momentum, nesterov, weightDecay, scheduleStart, scheduleWarmup },
      {
        momentum: undefined,
        nesterov: undefined,
        weightDecay: 0.01,
        scheduleStart: undefined,
        scheduleWarmup: 0.5,
      },
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readStudy leaves out what only the training and the attacks left behind read", async () => {
  const study = await readStudy("corrected-adversarial", {
    training: ["standard"],
    attacks: ["fgsm"],
  }, here);
  assertEquals(study.alpha, undefined);
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const given = {
      name: "mine",
      training: ["adversarial"],
      trainSteps: 3,
      randomStart: false,
    };
    await Deno.writeTextFile(path, JSON.stringify(given));
    const { trainSteps, randomStart } = await readStudy(path, {
      training: ["n-fgsm"],
    }, here);
    assertEquals({ trainSteps, randomStart }, {
      trainSteps: 10,
      randomStart: true,
    });
  } finally {
    await Deno.remove(path);
  }
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
  await assertRejects(
    () => readStudy("corrected-standard", { trainSteps: 3 }, here),
    UsageError,
    "--train-steps has no effect without training adversarial",
  );
  // Conditions are written with fields, as files have them.
  const cases: [GivenFields, string][] = [
    [{ validation: 5 }, "--validation has no effect without --evaluate-every"],
    [
      { standIn: ["weights"], conflict: [0.5] },
      "--conflict has no effect without --stand-in copies or prior-restored",
    ],
    [
      { limitTrain: 40, drawTrain: [41] },
      "--draw-train must be at most --limit-train, 40, got 41",
    ],
  ];
  for (const [flags, message] of cases) {
    const error = await assertRejects(
      () => readStudy(undefined, flags, here),
      UsageError,
    );
    assertEquals(error.message, message);
  }
});

Deno.test("readStudy leaves out exclusions of values that flags displace", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(
      path,
      JSON.stringify({
        name: "mine",
        policy: ["uniform", "class-biased"],
        standIn: ["copies", "weights", "fresh"],
        exclude: [
          { policy: ["uniform"], standIn: ["weights", "fresh"] },
          { policy: ["class-biased"], standIn: ["fresh"] },
        ],
      }),
    );
    const narrowed = await readStudy(path, {
      policy: ["uniform"],
      standIn: ["copies", "weights"],
    }, here);
    assertEquals(narrowed.exclude, [
      { policy: ["uniform"], standIn: ["weights"] },
    ]);
    const none = await readStudy(path, {
      policy: ["class-biased"],
      standIn: ["copies", "weights"],
    }, here);
    assertEquals("exclude" in none, false);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readStudy says of a result set, whose study is a part of it, that it is none", async () => {
  const path = pathOfRecorded("quick-1e218e0d.json");
  const error = await assertRejects(
    () => readStudy(path, {}, here),
    UsageError,
  );
  assertEquals(
    error.message,
    `"${path}" is not a study but what dupbench wrote ("dupbench/result-set/1"): save the "study" of a result set as a file`,
  );
});

Deno.test("readStudy says which named study was probably meant, or lists all", async () => {
  await assertRejects(
    () => readStudy("protocol-standrad", {}, here),
    UsageError,
    'Cannot find study "protocol-standrad": did you mean "protocol-standard"?',
  );
  await assertRejects(
    () => readStudy("something else", {}, here),
    UsageError,
    "it must be a file ending in .json, or one of quick, dedup,",
  );
});
