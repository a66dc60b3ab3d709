import { assertEquals, assertMatch } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { runMain } from "./run_main.ts";
import { slowTest } from "../slow.ts";
import { inFolder, small, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import { cellOf, edited } from "../verify/_frozen.ts";

/** Four cells of unlike cost, for three shards. */
const study = toArgs({
  ...tiny,
  ...small,
  seeds: "0,1",
  "limit-train": "20",
  jobs: "2",
});

const shard = (index: number) => `results/local/tiny-${index}-of-3.json`;

slowTest(
  "merge of three shards has the digest of one sweep, whatever their order, and verifies bit for bit",
  async () => {
    await inFolder(async (folder) => {
      const run = (args: string[]) => runMain(args, folder);
      const whole = await run(["sweep", ...study, "--out=whole.json"]);
      assertEquals(whole.code, 0, whole.stderr);
      const { digest, cells } = await readResultSet(`${folder}/whole.json`);
      for (const index of [1, 2, 3]) {
        const ended = await run(["sweep", ...study, `--shard=${index}/3`]);
        assertEquals(ended.code, 0, ended.stderr);
      }
      const files = [shard(3), shard(1), shard(2)];
      const { code, stdout, stderr } = await run([
        "merge",
        ...files,
        "-o",
        "out/C.json",
      ]);
      assertEquals(code, 0, stderr);
      assertEquals(
        stdout,
        `4 cells of 3 files\ndigest ${digest}\nwrote  out/C.json\n`,
      );
      const merged = await readResultSet(`${folder}/out/C.json`);
      assertEquals(merged.digest, digest);
      assertEquals(
        merged.cells.map(({ id }) => id),
        cells.map(({ id }) => id),
      );
      assertEquals(merged.parts!.map(({ shard }) => shard!.index), [3, 1, 2]);
      assertEquals(merged.provenance.command, [
        "merge",
        ...files,
        "-o",
        "out/C.json",
      ]);

      const verified = await run(
        ["verify", "out/C.json", shard(2), "--cells=1", "--seed=5"],
      );
      assertEquals(verified.code, 0, verified.stdout + verified.stderr);
      assertMatch(
        verified.stdout,
        /^ok .*; 1 of 4 cells run again, equal bit for bit \(--seed 5\)\nok .*; 1 of \d cells run again, equal bit for bit \(--seed 5\)\n$/,
      );

      // One shard short: nothing is written.
      const short = await run([
        "merge",
        shard(1),
        shard(2),
        "-o",
        "short.json",
      ]);
      assertEquals([short.code, short.stdout], [2, ""]);
      assertMatch(
        short.stderr,
        /^Every cell of the study must be in one of the files: \d of 4 are missing, the first of them \w{16}\n$/,
      );
      assertEquals(await exists(`${folder}/short.json`), false);
    });
  },
);

Deno.test("merge ends with 2, one line and no file where cells differ or a call will not do, and with 1 where a cell failed everywhere", async () => {
  await inFolder(async (folder) => {
    const write = async (name: string, edit: (set: ResultSet) => void) => {
      const set = edited(edit);
      await Deno.writeTextFile(
        `${folder}/${name}.json`,
        JSON.stringify({ ...set, digest: digestResultSet(set) }),
      );
      return set;
    };
    const a = await write("a", () => {});
    await write("other", (set) => cellOf(set).outcome.epochs[0]!.loss = 2);
    await write("failed", (set) => {
      const { id, config } = set.cells[0]!;
      set.cells[0] = { id, config, status: "failed", error: "killed" };
    });
    await Deno.writeTextFile(`${folder}/cut.json`, '{"schema":');
    const merge = (...args: string[]) =>
      runMain(["merge", ...args, "--out=out.json"], folder);
    const { id, outcome } = cellOf(a);
    for (
      const [files, fault] of [
        [
          [],
          "Name a file: merge FILE.json…",
        ],
        [
          ["a.json", "cut.json"],
          'Cannot read the result set "cut.json": it is cut off after 10 characters',
        ],
        [
          ["a.json", "other.json"],
          `Cell ${id} of "other.json" differs from that of "a.json" in outcome.epochs.0.loss: expected ${
            outcome.epochs[0]!.loss
          }, got 2`,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await merge(...files);
      assertEquals([code, stdout, stderr], [2, "", `${fault}\n`]);
      assertEquals(await exists(`${folder}/out.json`), false);
    }
    const odd = await runMain(["merge", "a.json", "-o", "out"], folder);
    assertEquals([odd.code, await exists(`${folder}/out`)], [2, false]);
    assertMatch(odd.stderr, /^--out must end in \.json, got /);
    const failed = await merge("failed.json");
    assertEquals(failed.code, 1);
    assertEquals(failed.stderr, `Cell ${id} failed in every file\n`);
    const mended = await merge("failed.json", "a.json");
    assertEquals(mended.code, 0, mended.stderr);
    assertEquals((await readResultSet(`${folder}/out.json`)).digest, a.digest);
    const worse = await merge("failed.json");
    assertEquals([worse.code, worse.stdout], [2, ""]);
    assertMatch(
      worse.stderr,
      /^"out\.json" is a result set with no failed cell, the new one has 1, and is not replaced: /,
    );
    assertEquals((await readResultSet(`${folder}/out.json`)).digest, a.digest);
  });
});

Deno.test("merge says that WebGPU cells ran on several adapters, as no single one may repeat their digest", async () => {
  await inFolder(async (folder) => {
    for (const [at, adapter] of ["one", "other"].entries()) {
      const set = edited((set) => {
        set.study.backend = "webgpu";
        set.provenance.backend = { adapter: { description: adapter } };
        set.cells = set.cells.filter((_, i) => i % 2 === at);
        for (const cell of set.cells) {
          cell.config.backend = "webgpu";
          cell.id = cellId(cell.config);
        }
      });
      await Deno.writeTextFile(
        `${folder}/${adapter}.json`,
        JSON.stringify({ ...set, digest: digestResultSet(set) }),
      );
    }
    const { code, stderr } = await runMain(
      ["merge", "one.json", "other.json", "-o", "out.json"],
      folder,
    );
    assertEquals(
      [code, stderr],
      [
        0,
        "These cells ran on 2 adapters, so it may be impossible to repeat the digest on one of them\n",
      ],
    );
  });
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("merge, page and report refuse wrong usage in one line, and change nothing", () =>
  inFolder(async (folder) => {
    await Deno.copyFile("results/quick.json", `${folder}/a.json`);
    const before = await Deno.readTextFile(`${folder}/a.json`);
    for (
      const [args, fault] of [
        [["merge", "a.json", "-o", "a.json"], /^--out must be another file /],
        [["merge", "a.json", "-o", "./x/../a.json"], /^--out must be another/],
        [["merge", ""], /^The argument must be a path, got an empty word\n$/],
        [["page", ""], /^The argument must be a path, got an empty word\n$/],
        [["report", ""], /^The argument must be a path, got an empty word\n$/],
        [
          ["page", "a.json", "--cells", "zz"],
          /^--cells must be 4 to 16 hexadecimal digits, got "zz"\n$/,
        ],
      ] as const
    ) {
      const ended = await runMain([...args], folder);
      assertEquals([ended.code, ended.stdout], [2, ""], args.join(" "));
      assertMatch(ended.stderr, fault);
      assertEquals(ended.stderr.trim().split("\n").length, 1);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
        "a.json",
      ]);
      assertEquals(await Deno.readTextFile(`${folder}/a.json`), before);
    }
  }));
