import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { ResultSetComparison } from "../../src/compare/comparison.ts";
import { digestResultSet } from "../../src/results/result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { runMain } from "./run_main.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder, standardOnly, sweep } from "../sweep/tiny_sweep.ts";
import { slowTest } from "../slow.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const published = pathOfRecorded("quick-1e218e0d.json");

/** Short enough for plain JavaScript, long enough for intervals. */
const short = {
  "limit-train": "10",
  "limit-test": "10",
  ...standardOnly,
  ratios: "0",
  seeds: "0",
  epochs: "5",
  batch: "10",
  attacks: "fgsm",
  jobs: "1",
};

/** Runs `compare` in a folder, and says what it wrote. */
async function compare(folder: string, ...args: string[]) {
  const ended = await runMain(["compare", ...args], folder);
  const written = new Map<string, string>();
  const out = `${folder}/results/comparison`;
  try {
    for await (const { name } of Deno.readDir(out)) {
      written.set(name, await Deno.readTextFile(`${out}/${name}`));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return { ...ended, written };
}

/** Runs the short sweep and keeps its result under a name. */
async function record(
  folder: string,
  name: string,
  flags: Record<string, string>,
): Promise<void> {
  await sweep(folder, { ...short, ...flags });
  await Deno.rename(`${folder}/out.json`, `${folder}/${name}`);
}

async function change(
  folder: string,
  [from, to]: [string, string],
  // deno-lint-ignore no-explicit-any
  edit: (value: any) => void,
): Promise<void> {
  const value = JSON.parse(await Deno.readTextFile(`${folder}/${from}`));
  edit(value);
  await Deno.writeTextFile(`${folder}/${to}`, JSON.stringify(value));
}

slowTest(
  "compare says of real runs whether they are bit-equal, within tolerance or different",
  async () => {
    await inFolder(async (folder) => {
      await record(folder, "first.json", { backend: "wasm" });
      await record(folder, "again.json", { backend: "wasm" });
      await record(folder, "cpu.json", { backend: "cpu" });
      const { code, stdout, written } = await compare(
        folder,
        "first.json",
        "again.json",
        "cpu.json",
      );
      assertEquals(code, 0);
      assertEquals([...written.keys()].sort(), [
        "comparison.csv",
        "comparison.json",
        "comparison.md",
        "github-accuracies.json",
        "github-times.json",
      ]);
      const { files, rows, outcomes } = JSON.parse(
        written.get("comparison.json")!,
      ) as ResultSetComparison;
      assertEquals(files.map(({ backend }) => backend), [
        "wasm",
        "wasm",
        "cpu",
      ]);
      const [again, cpu] = rows as [typeof rows[0], typeof rows[0]];
      assertEquals(again.outcome.verdict, "bit-equal");
      assertEquals(cpu.outcome.verdict, "within-tolerance");
      assert(cpu.outcome.largestLossDifference > 0, "float32 in another order");
      assertLess(cpu.outcome.largestLossDifference, 1e-4);
      assertEquals(
        cpu.accuracies.map(({ evaluation, rows }) => [
          evaluation,
          rows,
        ]),
        [
          ["clean", 10],
          ["fgsm", 10],
        ],
      );
      assertEquals(outcomes[1], {
        file: "cpu",
        "bit-equal": 0,
        "within-tolerance": 1,
        different: 0,
      });
      const { low, high } = cpu.time!.interval!;
      assert(low > 1 && low <= cpu.time!.ratio && cpu.time!.ratio <= high);
      assertStringIncludes(stdout, written.get("comparison.md")!);

      // With no tolerance for losses the same two differ.
      const strict = await compare(
        folder,
        "first.json",
        "cpu.json",
        "--loss-tolerance=0",
      );
      assertMatch(strict.stdout, /\| different \|/);
    });
  },
);

Deno.test("compare --fail-above fails a result set with one cell doctored to be slow, and passes the honest one", async () => {
  await inFolder(async (folder) => {
    await Deno.copyFile(published, `${folder}/recorded.json`);
    // Epochs as steady as on an idle machine, wherever the set was recorded.
    await change(folder, ["recorded.json", "honest.json"], ({ cells }) => {
      for (const { timing: { epochs } } of cells) {
        for (const [i, epoch] of epochs.entries()) epoch.totalMs = 100 + i % 3;
      }
    });
    await change(folder, ["honest.json", "slow.json"], ({ cells }) => {
      for (const epoch of cells[7].timing.epochs) epoch.totalMs *= 2;
    });
    const gate = (...names: string[]) =>
      compare(folder, ...names, "--fail-above", "1.10");
    const passed = await gate("honest.json", "honest.json");
    assertEquals(passed.code, 0, passed.stderr);
    assertStringIncludes(passed.stdout, "Passed");
    const failed = await gate("honest.json", "slow.json");
    assertEquals(failed.code, 1, failed.stderr);
    assertStringIncludes(failed.stdout, "Failed");
    const { judgement } = JSON.parse(failed.written.get("comparison.json")!);
    assertEquals(judgement.failAbove, 1.1);
    assertEquals(judgement.slower.length, 1);
    assertEquals((await gate("slow.json", "honest.json")).code, 0, "faster");
  });
});

slowTest(
  "compare reads what deno bench --json prints of a real bench, and its gate fails a slow one",
  async () => {
    await inFolder(async (folder) => {
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          "bench",
          "--json",
          "--no-prompt",
          "--allow-read",
          "--allow-env",
          "--allow-sys",
          "--filter=/^(as it is|crop and flip)$/",
          fromFileUrl(new URL("../../bench/data_bench.ts", import.meta.url)),
        ],
        stderr: "null",
      }).output();
      assert(success);
      await Deno.writeFile(`${folder}/a.json`, stdout);
      await change(folder, ["a.json", "b.json"], ({ benches }) => {
        assertEquals(benches.length, 2);
        const { ok } = benches[1].results[0];
        for (const field of ["min", "avg", "p75", "p99", "max"]) {
          ok[field] *= 1.2;
        }
      });
      const passed = await compare(
        folder,
        "a.json",
        "a.json",
        "--fail-above=1.1",
      );
      assertEquals(passed.code, 0, passed.stderr);
      const failed = await compare(
        folder,
        "a.json",
        "b.json",
        "--fail-above=1.1",
      );
      assertEquals(failed.code, 1, failed.stderr);
      assertMatch(
        failed.stdout,
        /Failed: .*\n\n- gathering .*: crop and flip, b: 1\.20\n/,
      );
      assertEquals([...failed.written.keys()].sort(), [
        "comparison.csv",
        "comparison.json",
        "comparison.md",
        "github-times.json",
      ]);
    });
  },
);

Deno.test("compare refuses in one line what cannot be compared, exits with 2 and writes nothing", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/cut.json`,
      (await Deno.readTextFile(published)).slice(0, 5000),
    );
    const other = await readResultSet(published);
    const { digest: _, ...set } = { ...other, cells: other.cells.slice(1) };
    await Deno.writeTextFile(
      `${folder}/fewer.json`,
      JSON.stringify({ ...set, digest: digestResultSet(set) }),
    );
    await Deno.writeTextFile(
      `${folder}/bench.json`,
      JSON.stringify({
        version: 1,
        runtime: "Deno/2.9.6",
        cpu: "c",
        benches: [{
          group: null,
          name: "b",
          results: [{ ok: { n: 1, min: 1, max: 1, avg: 1, p75: 1, p99: 1 } }],
        }],
      }),
    );
    const calls: [string[], RegExp][] = [
      [[], /^Name 2 files or more: compare /],
      [[published], /^Name 2 files or more: compare /],
      [[published, "absent.json"], /Cannot read "absent\.json"/],
      [[published, "cut.json"], /Cannot read "cut\.json"/],
      [[published, "bench.json"], /must be a result set/],
      [[published, "fewer.json"], /have different work.*--common/],
      [
        [published, published, "--fail-above=0"],
        /^--fail-above must be above 0/,
      ],
      [
        [published, published, "--fail-over=1.1"],
        /did you mean "--fail-above"/,
      ],
    ];
    for (const [args, message] of calls) {
      const { code, stdout, stderr, written } = await compare(folder, ...args);
      assertEquals([code, stdout, written.size], [2, "", 0], stderr);
      assertMatch(stderr, message);
      assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    }
    const common = await compare(folder, published, "fewer.json", "--common");
    assertEquals(common.code, 0, common.stderr);
    assertMatch(common.stdout, /Left out:\n\n- .*: missing in fewer: /);
  });
});

Deno.test("compare names files as they were given, without the folders above them", () =>
  inFolder(async (folder) => {
    for (const name of ["a", "b"]) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.copyFile(published, `${folder}/${name}/set.json`);
    }
    const { code, stdout, written } = await compare(
      folder,
      "a/set.json",
      "b/set.json",
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "# Comparison with a/set.json\n");
    const { files }: ResultSetComparison = JSON.parse(
      written.get("comparison.json")!,
    );
    assertEquals(files.map(({ file, path }) => [file, path]), [
      ["a/set.json", "a/set.json"],
      ["b/set.json", "b/set.json"],
    ]);
    for (const [name, text] of written) {
      assertEquals(text.includes(folder), false, name);
    }
  }));
