import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { compareOutcomes } from "../compare/compare_outcomes.ts";
import { canonicalJson } from "../core/digest.ts";
import { firstDifference } from "../core/first_difference.ts";
import { openStream } from "../core/stream.ts";
import { digestDataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load_dataset.ts";
import {
  type FinishedCell,
  reproducible,
  type ResultSet,
} from "../results/result_set.ts";
import {
  needsNativeCode,
  planCost,
  requestDataset,
} from "../sweep/plan_work.ts";
import { planShard } from "../sweep/plan_shard.ts";
import { planCells } from "../study/plan_cells.ts";
import { runCells } from "../sweep/run_cells.ts";
import type { SweepListener } from "../sweep/run_sweep.ts";
import { checkResultSet } from "./check_result_set.ts";

/** How to verify a result set. */
export interface VerifyOptions {
  /** Cells to run again; 0: none. */
  cells: number | "all";
  /** Chooses them; any integer in `[0, 2^53)`. */
  seed: number;
  /** Cells run at a time, each in a process of its own. */
  jobs: number;
  /** Folder of the data set's files, where it has one. */
  dataDir?: string | undefined;
  /**
   * Largest share of test images, in `[0, 1]`, that may be right in one run and
   * wrong in the other; losses may differ by a tenth of that, relatively. None:
   * every deterministic value must be equal, bit for bit.
   */
  tolerance?: number | undefined;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Told of the cells that are run. */
  listener?: SweepListener;
}

/** What came of it. */
export interface Verification {
  /** What is wrong, a line each; none: all that was checked is right. */
  faults: string[];
  /** Ids of the cells that were run again, in the order of the set. */
  repeated: string[];
}

/**
 * Verifies a result set: first what needs no training (`checkResultSet`), then
 * that the data set here has the recorded digest, then cells run again on the
 * recorded backend and compared. Each step is taken only if those before found
 * nothing.
 *
 * @throws {UsageError} If the data set is not to be had.
 * @throws {BackendError} If the backend is not to be had.
 */
export async function verifyResultSet(
  set: ResultSet,
  options: VerifyOptions,
): Promise<Verification> {
  const { jobs, dataDir, tolerance, signal, listener } = options;
  const faults = checkResultSet(set);
  if (faults.length > 0) return { faults, repeated: [] };

  const request = requestDataset(set.study, dataDir);
  const { name, ...source } = request;
  const dataset = await loadDataset(name, source);
  const digest = digestDataset(dataset);
  const other = firstDifference(set.dataset, digest);
  if (other !== null) {
    return {
      faults: [
        `dataset.${other.field}: expected ${other.expected}, got ${other.got} of the "${name}" here`,
      ],
      repeated: [],
    };
  }
  const recordedBackend = set.cells[0]!.config.backend;
  const planned = planCells(set.study, recordedBackend);
  const costs = new Map(
    planned.map((cell) => [cell.id, planCost(cell, dataset)]),
  );
  if (set.shard !== undefined) {
    const ids = set.cells.map(({ id }) => id);
    const missing = planShard(planned, costs, set.shard)
      .filter(({ id }) => !ids.includes(id));
    if (missing.length > 0) {
      return {
        faults: [
          `${missing.length} cells of shard ${set.shard.index}/${set.shard.count} are missing, the first ${
            missing[0]!.id
          }`,
        ],
        repeated: [],
      };
    }
  }

  const sample = sampleCells(set, options);
  if (sample.length === 0) return { faults, repeated: [] };
  const backend = chooseBackend(recordedBackend, await probeBackends());
  listener?.onPlanned?.({
    cells: sample,
    costs,
    done: new Set(),
    backend,
    journal: "",
    torn: false,
  });
  const expected = new Map(sample.map((cell) => [cell.id, cell]));
  let elsewhere = "";
  const failed = await runCells(
    sample.map(({ id, config }) => ({ id, config })),
    {
      backend: backend.name,
      dataset: request,
      usesNativeCode: needsNativeCode(sample),
      jobs,
      ...(signal && { signal }),
      onOpened: (opened) => {
        elsewhere = describeElsewhere(set, opened.backend);
      },
      onProgress: (cell, share, epoch) =>
        listener?.onProgress?.(cell, share, epoch),
      onFinished: (cell) => {
        listener?.onFinished?.(cell);
        const fault = compareCells(expected.get(cell.id)!, cell, tolerance);
        if (fault !== null) faults.push(fault + elsewhere);
        return Promise.resolve();
      },
    },
  );
  for (const { id, error } of failed) {
    faults.push(`cell ${id} could not be run again: ${error}`);
  }
  return { faults, repeated: sample.map(({ id }) => id) };
}

/** Draws cells without putting back; those that failed cannot be compared. */
function sampleCells(
  { cells }: ResultSet,
  { cells: wanted, seed }: VerifyOptions,
): FinishedCell[] {
  const finished = cells.filter((cell) => cell.status === "finished");
  if (wanted === "all" || wanted >= finished.length) return finished;
  const stream = openStream(seed, "sample");
  const left = [...finished];
  const drawn = new Set<FinishedCell>();
  while (drawn.size < wanted) {
    drawn.add(left.splice(stream.below(left.length), 1)[0]!);
  }
  return finished.filter((cell) => drawn.has(cell));
}

function compareCells(
  expected: FinishedCell,
  got: FinishedCell,
  tolerance: number | undefined,
): string | null {
  const found = firstDifference(reproducible(expected), reproducible(got));
  if (found === null) return null;
  const at =
    `cell ${expected.id}: ${found.field}: expected ${found.expected}, got ${found.got}`;
  if (tolerance === undefined) return at;
  const { verdict, largestLossDifference, smallestAgreement } = compareOutcomes(
    expected,
    got,
    { loss: tolerance / 10, agreement: 1 - tolerance },
  );
  if (verdict !== "different") return null;
  return `${at}; beyond the tolerance of ${tolerance}: losses differ by ${
    largestLossDifference.toPrecision(2)
  } at most, ${
    smallestAgreement === null
      ? "no image compared"
      : `${((1 - smallestAgreement) * 100).toFixed(1)} % of the images`
  }`;
}

/**
 * On WebGPU bits are the same on one adapter and driver only: says so where
 * this one is another than that of the record.
 */
function describeElsewhere(
  { provenance, cells }: ResultSet,
  here: Record<string, unknown>,
): string {
  const isSame = canonicalJson(provenance.backend) === canonicalJson(here);
  if (cells[0]!.config.backend !== "webgpu" || isSame) return "";
  return " (recorded on another adapter: such cells are held to --tolerance only)";
}
