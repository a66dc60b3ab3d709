import { assertEquals, assertMatch } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { inFolder, small, sweep, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import { runMain } from "./run_main.ts";

Deno.test("compare, merge and sweep --reuse read the result set in a crate", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, { ...small, ratios: "0" });
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await runMain(args, folder);
      assertEquals(code, 0, stderr);
      return { stdout, stderr };
    };
    await run("export", "out.json", "--format=ro-crate");
    const crate = "out-ro-crate.zip";
    const { stdout } = await run("compare", "out.json", crate);
    assertMatch(stdout, /1 bit-equal, 0 within-tolerance, 0 different/);

    await run("merge", crate, "-o", "merged.json");
    const merged = await readResultSet(`${folder}/merged.json`);
    assertEquals(merged.digest, set.digest);

    const { stderr } = await run(
      "sweep",
      ...toArgs({ ...tiny, ...small, jobs: "1", reuse: crate }),
      "--out=more.json",
    );
    assertMatch(stderr, /out-ro-crate\.zip/);
    const more = await readResultSet(`${folder}/more.json`);
    assertEquals(more.reused!.map(({ digest, cells }) => ({ digest, cells })), [
      { digest: set.digest, cells: set.cells.map(({ id }) => id) },
    ]);
  }));
