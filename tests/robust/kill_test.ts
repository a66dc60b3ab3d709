import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { slowTest } from "../slow.ts";
import { runCommand } from "../sweep/command_line.ts";
import { reference } from "../sweep/reference.ts";
import { inFolder, study } from "../sweep/tiny_sweep.ts";
import { CELLS, checkKills, ORPHAN_MS, readWhole } from "./_kills.ts";
import { sleep, startGroup } from "./_processes.ts";

// Process groups and parents are read from Linux's /proc.
const ignore = Deno.build.os !== "linux";

/** `DUPBENCH_KILLS=300` kills more often. */
const all = Number(Deno.env.get("DUPBENCH_KILLS") ?? 16);

/** `DUPBENCH_KILL_SEED` draws other moments. */
const seed = Number(Deno.env.get("DUPBENCH_KILL_SEED") ?? 1);

const nameOf = (kills: number) =>
  `sweep comes to the same digest through ${kills} kill${
    kills === 1 ? "" : "s"
  }, keeps every recorded cell and runs none again (seed ${seed})`;

Deno.test({ name: nameOf(1), ignore, fn: () => checkKills(1, seed) });
slowTest(nameOf(all), () => checkKills(all, seed), { ignore });

slowTest(
  "sweep refuses an output that another sweep is writing, and takes it over as soon as that one is killed",
  () =>
    inFolder(async (folder) => {
      const out = `${folder}/out.json`;
      const args = ["sweep", ...study, `--out=${out}`, "--jobs=2"];
      const journal = `${folder}/out.journal.jsonl`;
      const first = startGroup(args);
      while (!first.ended && readWhole(journal).split("\n").length < 3) {
        await sleep(2);
      }
      const second = runCommand(args);
      // It is halted while the second looks at its journal.
      await new Deno.Command("kill", { args: ["-STOP", `${first.pid}`] })
        .output();
      const { code, stderr, stdout } = await second;
      assertEquals(code, 2);
      assertEquals(stdout, "");
      assertEquals(
        stderr,
        `Another sweep is writing the journal "${journal}": wait for it, or choose another --out\n`,
      );
      const kept = readWhole(journal);
      await first.kill("command");
      const third = await runCommand(args);
      assertEquals(third.code, 0, third.stderr);
      assertStringIncludes(
        third.stderr,
        `${kept.split("\n").length - 2} of ${CELLS} cells are done`,
      );
      assertEquals(
        (await readResultSet(out)).digest,
        (await reference()).digest,
      );
      await first.end;
      assertLess(await first.gone(ORPHAN_MS), ORPHAN_MS);
    }),
  { ignore },
);
