/**
 * Commands that compute, interrupted at random moments: while Deno starts, while
 * packages and data load, while they compute and write.
 *
 * @module
 */
import { assert, assertLess } from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import {
  type Group,
  interrupts,
  sleep,
  startGroup,
  startLaunched,
} from "./_processes.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const ignore = Deno.build.os !== "linux";

/** Longest that a command may take to end, in milliseconds. */
const STOP_MS = 2000;

/** Latest moment of an interruption, in milliseconds after the start. */
const LATEST_MS = 6000;

const at = (path: string) =>
  fromFileUrl(new URL(`../../${path}`, import.meta.url));
const hostile = (name: string) => at(`fixtures/hostile/${name}.json`);
const quick = pathOfRecorded("quick-1e218e0d.json");

/** Commands as tasks start them; all but the last few would compute for long. */
const launched: Record<string, string[]> = {
  "verify of a toy study": ["verify", hostile("g-cost"), "--allow-long"],
  "verify of points without end": [
    "verify",
    hostile("g-points"),
    "--allow-long",
  ],
  "verify of cells": ["verify", hostile("v-attacks"), "--allow-long"],
  "verify that plans 100,000 cells": [
    "verify",
    hostile("v-shard100k"),
    "--allow-long",
  ],
  "verify of two files": [
    "verify",
    hostile("cmd-eval"),
    hostile("g-cost"),
    "--allow-long",
  ],
  "sweep that measures": ["sweep", "--allow-long", "-o", "s.json"],
  "gaussian": ["gaussian", "--points", "100000", "-o", "g.json"],
  "report with examples": [
    "report",
    hostile("v-attacks"),
    "--examples",
    "--allow-long",
    "-o",
    "r",
  ],
  "export": ["export", quick, "--format", "parquet", "-o", "q.parquet"],
  "analyse": ["analyse", quick, "-o", "analysis"],
};
const plain: Record<string, string[]> = {
  "duplicates": ["duplicates", "--mirrored"],
  "data": ["data"],
  "studies": ["studies"],
  "step-time": ["step-time", "--runs", "10000"],
};

/** Shares of the longest wait up to which each moment is drawn. */
const moments = [0.1, 0.5, 1];

/** Interrupts a command by Ctrl-C, and once more by SIGTERM. */
async function checkInterrupts(
  start: (folder: string) => Group,
  { seed }: { seed: number },
): Promise<void> {
  const stream = openStream(seed, "shuffle", "interrupts");
  for (const latest of moments) {
    for (const signal of interrupts) {
      await inFolder(async (folder) => {
        const group = start(folder);
        await Promise.race([
          sleep(stream.uniform() * latest * LATEST_MS),
          group.end,
        ]);
        const sentAt = performance.now();
        await group.interrupt(signal);
        const { code, stderr } = await group.end;
        const ms = performance.now() - sentAt;
        assert([0, 130, 143].includes(code), `exit code ${code}: ${stderr}`);
        assert(!/^ +at /m.test(stderr), stderr);
        assertLess(ms, STOP_MS);
        assertLess(await group.gone(5000), 5000);
      });
    }
  }
}

const launch = (args: string[]) => (folder: string) =>
  startLaunched(["-C", folder, ...args]);

Object.entries(launched).forEach(([name, args], i) =>
  slowTest(
    `${name} ends within 2 s of Ctrl-C and SIGTERM at random moments`,
    () => checkInterrupts(launch(args), { seed: i }),
    { ignore },
  )
);
Object.entries(plain).forEach(([name, args], i) =>
  slowTest(
    `${name} ends within 2 s of Ctrl-C and SIGTERM at random moments`,
    () =>
      checkInterrupts((folder) => startGroup(["-C", folder, ...args]), {
        seed: 100 + i,
      }),
    { ignore },
  )
);
