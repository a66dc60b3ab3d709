import { assert, assertEquals, assertMatch } from "@std/assert";
import { runMain } from "./run_main.ts";

const quick = [
  "gaussian",
  "--points=15",
  "--held-out=30",
  "--balanced=0,10",
  "--biased=0,20",
  "--seeds=1,2,3,4,5,6",
];

Deno.test("gaussian writes the same result, report and drawing twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = [];
    for (const run of ["a", "b"]) {
      await Deno.mkdir(`${folder}/${run}`);
      const { code, stdout, stderr } = await runMain([
        ...quick,
        `--out=${folder}/${run}/toy.json`,
      ]);
      assertEquals(code, 0, stderr);
      assertMatch(
        stdout,
        /Class-biased copies lower accuracy: \w+ \(.*\bp (< )?\.\d+\)\./,
      );
      const names = [...Deno.readDirSync(`${folder}/${run}`)]
        .map(({ name }) => name).sort();
      assertEquals(names, ["toy.json", "toy.md", "toy.svg"]);
      files.push(
        names.map((name) => Deno.readTextFileSync(`${folder}/${run}/${name}`)),
      );
    }
    assertEquals(files[0], files[1]);
    const { schema, study, runs, digest, summary } = JSON.parse(files[0]![0]!);
    assertEquals(schema, "dupbench/gaussian/2");
    assertEquals(study.seeds.length, 6);
    assertMatch(study.name, /^gaussian-[0-9a-f]{8}$/);
    assertEquals(runs.length, 6 * 5);
    assertMatch(digest, /^[0-9a-f]{64}$/);
    assertEquals(summary.verdicts.length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("gaussian refuses what will not do, in one line, and writes nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (
      const [flag, fault] of [
        ["--biased=0,40,40", /^--biased must be ascending counts from 0/],
        ["--positive-share=1", /^--positive-share must be below 1/],
        ["--points=0", /^--points must be at least 1/],
        ["--out=toy", /^--out must end in \.json/],
        ["--sede=1", /did you mean "--seeds"/],
      ] as const
    ) {
      const { code, stderr } = await runMain(["gaussian", flag], folder);
      assertEquals(code, 2, flag);
      assertMatch(stderr, fault);
      assertEquals(stderr.trim().split("\n").length, 1);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("studies lists the toy study, too", async () => {
  const { code, stdout } = await runMain(["studies"]);
  assertEquals(code, 0);
  assert(stdout.includes('gaussian: 20 seeds, run by "deno task gaussian"'));
});
