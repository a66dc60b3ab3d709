import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { needsNativeCode } from "../cell/estimate_cell.ts";
import { canonicalJson } from "../core/digest.ts";
import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { type Dataset, digestDataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load_dataset.ts";
import { provenancesOf } from "../results/provenances_of.ts";
import {
  type FinishedCell,
  reproducible,
  type ResultSet,
} from "../results/result_set.ts";
import { planCells } from "../spec/plan_cells.ts";
import { openCellRunner } from "../sweep/cell_runner.ts";
import {
  type DatasetRequest,
  requestDataset,
} from "../sweep/request_dataset.ts";
import { runCells } from "../sweep/run_cells.ts";
import type { SweepListener } from "../sweep/run_sweep.ts";
import { startWorker } from "../sweep/worker_process.ts";
import { checkAgainstData } from "./check_against_data.ts";
import { checkResultSet } from "./check_result_set.ts";
import { compareWithin } from "./compare_within.ts";
import { describeVersions } from "./describe_versions.ts";
import { sampleCells, type SampleOptions } from "./sample_cells.ts";
import type { Findings } from "./findings.ts";

/** How to verify a result set. */
export interface VerifyOptions extends SampleOptions {
  /**
   * Worker processes, each of which runs one cell at a time; they need the
   * permission `--allow-run=deno`. Default: cells run in this process.
   */
  jobs?: number | undefined;
  /** Folder of the data set's files, where it has one. */
  dataDir?: string | undefined;
  /**
   * For WebGPU cells, whose bits are an adapter's own: largest share of images,
   * in `[0, 1]`, that may be right in one run and wrong in the other; losses may
   * differ by a tenth of that, relatively. None, or another backend: every
   * deterministic value must be equal, bit for bit.
   */
  tolerance?: number | undefined;
  /** Ends it early. */
  signal?: AbortSignal | undefined;
  /** Told of the cells that are run. */
  listener?: SweepListener;
}

/** What came of it. */
export interface Verification extends Findings {
  /** Ids of the cells that were run again, in the order of the set. */
  repeated: string[];
  /** How many of these were equal bit for bit. */
  identical: number;
  /** Whether the signal ended it before all chosen cells had been run. */
  interrupted: boolean;
}

/**
 * Verifies a result set: first what needs no images (`checkResultSet`), then
 * that the data set here has the recorded digest and gives the recorded plans
 * (`checkAgainstData`), then cells run again on the recorded backend and
 * compared. Each step is taken only if those before found nothing. A cell that
 * failed when it was recorded is a fault, as it shows nothing, but stops no
 * step.
 *
 * @throws {UsageError} If the data set is not to be had.
 * @throws {BackendError} If the backend is not to be had.
 */
export async function verifyResultSet(
  set: ResultSet,
  options: VerifyOptions,
): Promise<Verification> {
  const checked = checkResultSet(set);
  const notes = [...checked.notes];
  const nothingRun = { repeated: [], identical: 0, interrupted: false };
  if (checked.faults.length > 0) {
    return { faults: checked.faults, notes, ...nothingRun };
  }
  const request = requestDataset(set.study, options.dataDir);
  const { name, ...source } = request;
  const dataset = await loadDataset(name, source);
  const other = firstDifference(set.dataset, digestDataset(dataset));
  if (other !== null) {
    const fault =
      `dataset.${other.field}: expected ${other.expected} as recorded, got ${other.got} of the "${name}" here`;
    return { faults: [fault], notes, ...nothingRun };
  }
  const recordedBackend = set.cells[0]!.config.backend;
  const planned = planCells(set.study, recordedBackend);
  const { costs, ...found } = checkAgainstData(set, dataset, planned);
  notes.push(...found.notes);
  if (found.faults.length > 0) {
    return { faults: found.faults, notes, ...nothingRun };
  }
  const faults = set.cells.flatMap((cell) =>
    cell.status === "finished" ? [] : [
      `cell ${cell.id} failed when it was recorded, so it cannot be compared: ${cell.error}`,
    ]
  );

  const sample = sampleCells(set, options);
  if (sample.length === 0) return { faults, notes, ...nothingRun };
  const { name: backend } = chooseBackend(
    recordedBackend,
    await probeBackends(),
  );
  options.listener?.onPlanned?.({
    cells: sample,
    costs,
    done: new Set(),
    backend: { name: backend, reason: "as recorded" },
    torn: false,
  });
  const done = await repeat(set, sample, {
    ...options,
    backend,
    dataset: { request, images: dataset, sha256: set.dataset.sha256 },
  });
  return {
    ...done,
    faults: [...faults, ...done.faults],
    notes: [...notes, ...done.notes],
  };
}

interface RepeatOptions extends VerifyOptions {
  backend: FinishedCell["config"]["backend"];
  dataset: { request: DatasetRequest; images: Dataset; sha256: string };
}

async function repeat(
  set: ResultSet,
  sample: readonly FinishedCell[],
  options: RepeatOptions,
): Promise<Verification> {
  const { backend, dataset, jobs, signal, listener } = options;
  const recorded = new Map(sample.map((cell) => [cell.id, cell]));
  // Cells end in any order; what is said of them is in that of the set.
  const said = new Map<string, Comparison>();
  let here: Record<string, unknown> | undefined;
  const failed = await runCells(
    sample.map(({ id, config }) => ({ id, config })),
    {
      openRunner: () =>
        jobs === undefined
          ? openCellRunner({ backend, dataset: dataset.images })
          : startWorker({
            backend,
            dataset: dataset.request,
            usesNativeCode: sample.some(needsNativeCode),
          }),
      jobs: jobs ?? 1,
      signal,
      onOpened: (opened) => {
        here = opened.backend;
        if (opened.dataset.sha256 !== dataset.sha256) {
          throw new UsageError(
            `Cannot go on as the data set "${dataset.request.name}" changed while its cells ran`,
          );
        }
      },
      onProgress: (cell, share, epoch) =>
        listener?.onProgress?.(cell, share, epoch),
      onFinished: (cell) => {
        listener?.onFinished?.(cell);
        said.set(
          cell.id,
          compareCells(
            recorded.get(cell.id)!,
            cell,
            backend === "webgpu" ? options.tolerance : undefined,
          ),
        );
        return Promise.resolve();
      },
    },
  );
  const ids = sample.map(({ id }) => id);
  const repeated = ids.filter((id) => said.has(id));
  const compared = repeated.map((id) => said.get(id)!);
  const list = (field: "fault" | "note") =>
    compared.flatMap((comparison) => comparison[field] ?? []);
  const identical =
    compared.filter(({ fault, note }) => (fault ?? note) === undefined).length;
  const notes = list("note");
  if (options.tolerance !== undefined && backend !== "webgpu") {
    notes.push(
      `--tolerance is for WebGPU cells: these ran on ${backend}, whose bits are the same on any machine`,
    );
  }
  if (identical < compared.length) {
    notes.push(...describeAdapter(set, here), ...describeVersions(set));
  }
  return {
    faults: [
      ...list("fault"),
      ...failed.map(({ id, error }) =>
        `cell ${id} could not be run again: ${error}`
      ),
    ],
    notes,
    repeated,
    identical,
    interrupted: signal?.aborted === true,
  };
}

/** Of two runs of a cell; neither: they are equal bit for bit. */
interface Comparison {
  fault?: string;
  note?: string;
}

function compareCells(
  recorded: FinishedCell,
  repeated: FinishedCell,
  tolerance: number | undefined,
): Comparison {
  const found = firstDifference(reproducible(recorded), reproducible(repeated));
  if (found === null) return {};
  const say = ({ field, expected, got }: typeof found) =>
    `cell ${recorded.id}: ${field}: expected ${expected} as recorded, got ${got} when run again`;
  if (tolerance === undefined) return { fault: say(found) };
  const excess = compareWithin(recorded, repeated, tolerance);
  return excess === null
    ? { note: `${say(found)}; all within --tolerance ${tolerance}` }
    : { fault: `${say(excess)} (${excess.why})` };
}

/** On WebGPU bits are the same on one adapter only: says so on another. */
function describeAdapter(
  set: ResultSet,
  here: Record<string, unknown> | undefined,
): string[] {
  if (set.cells[0]!.config.backend !== "webgpu") return [];
  const form = canonicalJson(here ?? {});
  const isElsewhere = provenancesOf(set).some(({ backend }) =>
    canonicalJson(backend) !== form
  );
  return isElsewhere
    ? [
      "recorded on another adapter: WebGPU cells are the same bit for bit on one only, and --tolerance says how far they may differ elsewhere",
    ]
    : [];
}
