/**
 * Sweeps that are interrupted at random moments, as by Ctrl-C or a scheduler,
 * until they finish: from the start of the first process, through the loading of
 * data and the opening of workers, to the end. The real launcher is started, as a
 * task starts it.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { reference } from "../sweep/reference.ts";
import { inFolder, study } from "../sweep/tiny_sweep.ts";
import { ORPHAN_MS } from "./_kills.ts";
import { interrupts, sleep, startLaunched } from "./_processes.ts";

/** Longest that a sweep may take to end, in milliseconds. */
const STOP_MS = 2000;

/**
 * Interrupts sweeps `wanted` times, half of them by SIGINT to the whole process
 * group, as a terminal does, half by SIGTERM to the first process.
 *
 * @param seed Draws the moments.
 */
export async function checkInterrupts(
  wanted: number,
  seed: number,
): Promise<void> {
  const { digest } = await reference();
  const stream = openStream(seed, "shuffle", "interrupts");
  const run = (folder: string) =>
    startLaunched(["sweep", ...study, `--out=${folder}/o.json`, "--jobs=2"]);
  const start = performance.now();
  await inFolder(async (folder) => {
    const { code, stderr } = await run(folder).end;
    assertEquals(code, 0, stderr);
  });
  // Of the fastest whole run: with that of a slow one, late moments would come
  // after the end of each sweep, and the last interruption never.
  let usualMs = performance.now() - start;
  let done = 0;
  let longest = 0;
  while (done < wanted) {
    await inFolder(async (folder) => {
      for (let runs = 1;; runs++) {
        const started = performance.now();
        const group = run(folder);
        // One in each stretch of the time, so that loading is always among them.
        const moment = ((done % 3) + stream.uniform()) / 3;
        if (done < wanted) {
          await Promise.race([sleep(moment * usualMs), group.end]);
        }
        if (!group.ended && done < wanted) {
          const sentAt = performance.now();
          await group.interrupt(interrupts[done % 2]!);
          const { code, stderr } = await group.end;
          const ms = performance.now() - sentAt;
          // It may have been finished, or not yet have listened.
          assert([0, 130, 143].includes(code), `exit code ${code}: ${stderr}`);
          assert(!/^ +at /m.test(stderr), stderr);
          if (code === 130 && /^backend/m.test(stderr)) {
            assert(/^Interrupted: /m.test(stderr), stderr);
          }
          longest = Math.max(longest, ms);
          done++;
          assertLess(await group.gone(ORPHAN_MS), ORPHAN_MS);
          if (code !== 0) continue;
        }
        const { code, stderr } = await group.end;
        assertEquals(code, 0, stderr);
        const ms = performance.now() - started;
        if (runs === 1) usualMs = Math.min(usualMs, ms);
        break;
      }
      assertEquals((await readResultSet(`${folder}/o.json`)).digest, digest);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
        "o.json",
      ]);
    });
  }
  assertLess(longest, STOP_MS);
  console.log(
    `${done} interruptions; the slowest took ${Math.round(longest)} ms`,
  );
}
