/**
 * Prints, as Markdown tables, the time of one training step by dupbench and by
 * other JavaScript libraries, which start from the same weights and images. Each
 * runs in a process of its own; they take turns. It fails if their losses differ.
 *
 * Arguments: steps to time, such as `published-standard:32`; default: all.
 *
 * @module
 */
import {
  nameAdapter,
  reportAdapter,
  requestAdapter,
} from "../../src/backend/adapter.ts";
import { type NetworkName, publishedNames } from "../../src/spec/networks.ts";
import { type PeerName, peers, type PeerTerm } from "./peer.ts";
import { startWorker, type Worker } from "./_start_worker.ts";

/** Steps whose losses are compared; the first also compiles. */
const FIRST_STEPS = 3;
/** Largest difference between losses. */
const TOLERANCE = 1e-4;
const ROUNDS = 3;
/** Steps of one turn. */
const STEPS = 3;
/** Who takes longer for a step is timed in the first turn alone. */
const LONG_MS = 5000;
/** Largest batch for libraries that are slow. */
const SLOW_BATCH = 32;

const cases = publishedNames.flatMap((model) =>
  [32, 128].map((batch) => ({ model, batch }))
);

/** What a library did. */
interface Entry {
  term: PeerTerm;
  worker: Worker;
  losses: number[];
  /** Times of its steps by round. */
  rounds: number[][];
  /** Times on processors of the same steps. */
  cpuMs: number[];
  failed?: string;
}

async function compare(model: NetworkName, batch: number): Promise<boolean> {
  const entries = new Map<PeerName, Entry>();
  for (const [name, term] of Object.entries(peers) as [PeerName, PeerTerm][]) {
    if (term.isSlow && batch > SLOW_BATCH) continue;
    const worker = startWorker([name, model, `${batch}`]);
    const turn = await worker.take(FIRST_STEPS);
    entries.set(
      name,
      "failed" in turn
        ? {
          term,
          worker,
          losses: [],
          rounds: [],
          cpuMs: [],
          failed: turn.failed,
        }
        : {
          term,
          worker,
          losses: turn.losses,
          rounds: [turn.ms.slice(1)],
          cpuMs: turn.cpuMs.slice(1),
        },
    );
  }
  const running = [...entries.values()].filter(({ failed }) => !failed);
  const quick = running.filter(({ rounds }) => median(rounds[0]!) < LONG_MS);
  // The first turns lie apart by what the others compile.
  for (const entry of quick) [entry.rounds, entry.cpuMs] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const entry of quick) {
      const turn = await entry.worker.take(STEPS);
      if ("failed" in turn) throw new Error(turn.failed);
      entry.rounds.push(turn.ms);
      entry.cpuMs.push(...turn.cpuMs);
    }
  }
  for (const { worker } of entries.values()) await worker.stop();

  const { losses } = entries.get("dupbench-wasm")!;
  console.log(`\n### ${model}, batch ${batch}\n`);
  console.log(
    `Losses of dupbench: ${losses.map((x) => x.toFixed(5)).join(", ")}\n`,
  );
  console.log(
    "| library | backend | ms | times dupbench | CPU ms | times dupbench | losses differ by | steps |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  let agree = true;
  for (const { term, failed, ...entry } of entries.values()) {
    if (failed !== undefined) {
      console.log(
        `| ${term.title} | ${term.backend} | cannot train: ${failed} | | | | | |`,
      );
      continue;
    }
    const difference = Math.max(
      ...entry.losses.map((loss, i) => Math.abs(loss - losses[i]!)),
    );
    // Written so that NaN does not agree.
    if (!(difference <= TOLERANCE)) agree = false;
    const base = entries.get(
      term.backend === "webgpu" ? "dupbench-webgpu" : "dupbench-wasm",
    )!;
    const all = base.rounds.flat();
    // Of the same round where both took part in it.
    const ratio = median(entry.rounds.map((times, round) =>
      median(times) /
      median(entry.rounds.length > 1 ? base.rounds[round]! : all)
    ));
    const cpu = median(entry.cpuMs);
    console.log(
      `| ${term.title} | ${term.backend} | ${
        format(median(entry.rounds.flat()))
      } | ${format(ratio)} | ${format(cpu)} | ${
        format(cpu / median(base.cpuMs))
      } | ${difference.toExponential(1)} | ${entry.rounds.flat().length} |`,
    );
  }
  return agree;
}

/** Three digits. */
function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

if (import.meta.main) {
  const names = new Set(Deno.args);
  const chosen = cases.filter(({ model, batch }) =>
    names.size === 0 || names.delete(`${model}:${batch}`)
  );
  if (names.size > 0) {
    const known = cases.map(({ model, batch }) => `${model}:${batch}`);
    console.error(
      `There is no step ${[...names].join(", ")}; there are ${
        known.join(", ")
      }`,
    );
    Deno.exit(2);
  }
  const adapter = await requestAdapter();
  console.log(
    `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores; WebGPU: ${
      typeof adapter === "string"
        ? adapter
        : nameAdapter(reportAdapter(adapter))
    }`,
  );
  let agree = true;
  for (const { model, batch } of chosen) {
    agree = await compare(model, batch) && agree;
  }
  if (!agree) {
    console.error(`The losses of a library differ by more than ${TOLERANCE}`);
    Deno.exit(1);
  }
}
