/**
 * Sweeps that are killed at random moments, again and again, until they finish.
 * The workers of a sweep are processes, so all three kinds of kill are SIGKILL
 * from outside: of the sweep alone (its workers must then end by themselves), of
 * its whole process group at once, and of a single worker (the sweep goes on).
 * Half of the moments are uniform over the time of an undisturbed run, half fall
 * just after a line of the journal, where most is written.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { canonicalJson, sha256 } from "../../src/core/digest.ts";
import { openStream, type Stream } from "../../src/core/stream.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { decodeSafetensors } from "../../src/results/safetensors.ts";
import { reference } from "../sweep/reference.ts";
import { inFolder, study } from "../sweep/tiny_sweep.ts";
import { type Group, sleep, startGroup } from "./_processes.ts";

/** Cells of the tiny study. */
export const CELLS = 8;

/** Longest that a worker may outlive its sweep, in milliseconds. */
export const ORPHAN_MS = 5000;

/** Longest wait after a line of the journal, in milliseconds. */
const AFTER_LINE_MS = 40;

const kinds = ["command", "group", "worker"] as const;
type Kind = typeof kinds[number];

/**
 * Kills sweeps until there were `wanted` kills, each sweep being called again
 * until it is done, and checks after every kill that no recorded cell is lost,
 * changed or run again.
 *
 * @param seed Draws the moments and the kinds.
 */
export async function checkKills(wanted: number, seed: number): Promise<void> {
  const { digest } = await reference();
  const stream = openStream(seed, "shuffle", "kills");
  const start = performance.now();
  await inFolder((folder) => runKilled(folder, digest));
  const usualMs = performance.now() - start;
  const done: Record<Kind, number> = { command: 0, group: 0, worker: 0 };
  const count = () => done.command + done.group + done.worker;
  let sweeps = 0;
  let longestOrphan = 0;
  const disturb: Disturb = async (group, lines) => {
    const recorded = lines();
    while (!group.ended && count() < wanted) {
      // One of those that there were fewest of, so that all have a share.
      const fewest = Math.min(...Object.values(done));
      const rare = kinds.filter((kind) => done[kind] === fewest);
      const kind = rare[stream.below(rare.length)]!;
      await waitForMoment(group, { stream, usualMs, recorded, lines });
      if (group.ended) return;
      if (kind === "worker") {
        const workers = await group.workers();
        if (workers.length === 0) continue;
        await group.kill(workers[stream.below(workers.length)]!);
        done.worker++;
        continue;
      }
      await group.kill(kind);
      done[kind]++;
      await group.end;
      longestOrphan = Math.max(longestOrphan, await group.gone(ORPHAN_MS));
      return;
    }
  };
  while (count() < wanted) {
    sweeps++;
    await inFolder((folder) => runKilled(folder, digest, disturb));
  }
  const seen = kinds.filter((kind) => done[kind] > 0);
  assertEquals(seen.length, Math.min(wanted, kinds.length));
  assertLess(longestOrphan, ORPHAN_MS, "a worker outlived its sweep");
  console.log(
    `${sweeps} sweeps, killed: ${done.command} sweeps alone, ${done.group} with their workers, ${done.worker} single workers; no process was left after ${
      Math.round(longestOrphan)
    } ms`,
  );
}

/** Disturbs a running sweep; `lines` counts those of its journal. */
type Disturb = (group: Group, lines: () => number) => Promise<void>;

/** Calls one sweep again and again until it is done, checking each time. */
async function runKilled(
  folder: string,
  digest: string,
  disturb: Disturb = () => Promise.resolve(),
): Promise<void> {
  const out = `${folder}/out.json`;
  const journal = `${folder}/out.journal.jsonl`;
  const weights = `${folder}/weights`;
  const recorded = new Map<string, Recorded>();
  const args = [
    "sweep",
    ...study,
    `--out=${out}`,
    "--jobs=2",
    `--export-weights=${weights}`,
  ];
  const lines = () => readWhole(journal).split("\n").length - 1;
  for (let whole = "";;) {
    const before = recorded.size;
    const group = startGroup(args);
    await disturb(group, lines);
    const { code, stderr } = await group.end;
    assert([0, 1, 137].includes(code), `exit code ${code}: ${stderr}`);
    // Exit code 1 is a cell whose worker was killed twice, nothing else.
    if (code === 1) assertStringIncludes(stderr, "failed twice");
    if (before > 0 && stderr.includes("backend wasm")) {
      assertStringIncludes(stderr, `: ${before} of ${CELLS} cells are done`);
    }

    // What the journal held is still in it, byte for byte.
    const isDone = !exists(journal) && exists(out);
    if (!isDone) {
      const now = readWhole(journal);
      assert(now.startsWith(whole), "a recorded line was changed or lost");
      whole = now;
      const cells = whole.split("\n").slice(1, -1).map(unseal);
      for (const cell of cells.slice(before)) {
        assert(!recorded.has(cell.id), `cell ${cell.id} is recorded twice`);
        recorded.set(cell.id, { cell, ranAt: ranAt(weights, cell.id) });
      }
      assertEquals(recorded.size, cells.length);
      // Every cell that was reported as finished is recorded.
      const said = stderr.match(/^\[\d+\/8\]/gm) ?? [];
      assertEquals(said, said.map((_, i) => `[${before + i + 1}/${CELLS}]`));
      assert(before + said.length <= cells.length);
    }
    // A cell begins by writing its config, so this tells when it last ran.
    for (const [id, cell] of recorded) {
      assertEquals(ranAt(weights, id), cell.ranAt, `cell ${id} ran again`);
    }
    if (isDone) break;
    assert(code !== 0, "it ended well and left its journal");
  }

  const set = await readResultSet(out);
  assertEquals(set.digest, digest);
  const cells = set.cells as FinishedCell[];
  assertEquals(new Set(cells.map(({ id }) => id)).size, CELLS);
  for (const cell of cells) {
    // No two runs have the same times: these are the runs of the journal.
    const kept = recorded.get(cell.id);
    if (kept !== undefined) assertEquals(cell, kept.cell);
    const final = decodeSafetensors(
      Deno.readFileSync(`${weights}/${cell.id}/final.safetensors`),
    );
    assertEquals(
      sha256(...final.tensors.map(({ data }) => new Uint8Array(data.buffer))),
      cell.outcome.weightsSha256,
    );
  }
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(left.sort(), ["out.json", "weights"]);
}

/** A cell as it was recorded, and when it had last been begun. */
interface Recorded {
  cell: FinishedCell;
  ranAt: number;
}

/** Waits for a moment of the run, or its end. */
async function waitForMoment(
  group: Group,
  { stream, usualMs, recorded, lines }: {
    stream: Stream;
    usualMs: number;
    recorded: number;
    lines: () => number;
  },
) {
  const isAtLine = stream.below(2) === 0;
  const moment = stream.uniform();
  if (!isAtLine) {
    await Promise.race([sleep(moment * usualMs), group.end]);
    return;
  }
  const line = Math.max(recorded, lines()) + 1 + stream.below(2);
  while (!group.ended && lines() < line) await sleep(2);
  await sleep(moment * AFTER_LINE_MS);
}

/** The journal up to the end of its last whole line; empty if absent. */
export function readWhole(path: string): string {
  try {
    const text = Deno.readTextFileSync(path);
    return text.slice(0, text.lastIndexOf("\n") + 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The cell on a line of the journal, which must be whole. */
function unseal(line: string): FinishedCell {
  const { record, sha256: sealed } = JSON.parse(line);
  assertEquals(sha256(canonicalJson(record)), sealed);
  return record.cell;
}

function ranAt(weights: string, id: string): number {
  return Deno.statSync(`${weights}/${id}/config.json`).mtime!.getTime();
}
