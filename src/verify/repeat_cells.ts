import { countOf } from "../core/count_of.ts";
import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { needsNativeCode } from "../cell/estimate_cell.ts";
import { type AdapterReport } from "../backend/adapter.ts";
import { estimateWork } from "../cell/estimate_work.ts";
import { describeEstimate, requireShort } from "../core/require_short.ts";
import { canonicalJson } from "../core/digest.ts";
import { quotation, UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { type Dataset, digestDataset } from "../data/dataset.ts";
import { countLeaks } from "../detection/count_leaks.ts";
import { loadDataset } from "../data/load_dataset.ts";
import { provenancesOf, runsByCell } from "../results/provenances_of.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import { axes } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import { valuesOf } from "../spec/values_of.ts";
import { planCells } from "../spec/plan_cells.ts";
import { openCellRunner } from "../sweep/cell_runner.ts";
import { requestDataset } from "../sweep/request_dataset.ts";
import { runCells } from "../sweep/run_cells.ts";
import { startWorker } from "../sweep/worker_process.ts";
import { checkAgainstData } from "./check_against_data.ts";
import { compareCells } from "./compare_cells.ts";
import { describeVersions } from "./describe_versions.ts";
import { sampleCells } from "./sample_cells.ts";
import type {
  RepeatedCell,
  Verification,
  VerifyOptions,
} from "./verification.ts";

/**
 * Checks that the data set here has the recorded digest and gives the recorded
 * plans (`checkAgainstData`), then runs cells again on the recorded backend and
 * compares them. The second step is taken only if the first finds nothing.
 *
 * @param set One in which `checkResultSet` finds nothing.
 * @throws {UsageError} If the data set is unavailable.
 * @throws {BackendError} If the backend is unavailable.
 */
export async function repeatCells(
  set: ResultSet,
  options: VerifyOptions,
): Promise<Verification> {
  const nothingRun = {
    repeated: [],
    identical: 0,
    notRun: [],
    interrupted: false,
  };
  const { name, ...source } = requestDataset(set.study, options.dataDir);
  requireShort(
    planningSeconds(set),
    "Planning all cells of the study again",
    options,
  );
  const probes = await probeBackends();
  const webgpu = probes.find((probe) => probe.name === "webgpu");
  if (options.cells !== 0) requireComparable(set, webgpu?.adapter, options);
  const dataset = await loadDataset(name, source);
  const other = firstDifference(set.dataset, {
    ...digestDataset(dataset),
    ...(set.dataset.leaksPerClass !== undefined &&
      source.split !== undefined &&
      { leaksPerClass: await countLeaks(dataset) }),
  });
  if (other !== null) {
    const fault =
      `dataset.${other.field}: expected ${other.expected} as recorded, got ${other.got} of the "${name}" here`;
    return { faults: [fault], notes: [], ...nothingRun };
  }
  const recordedBackend = set.cells[0]!.config.backend;
  const planned = planCells(set.study, recordedBackend);
  const { costs, notes, ...found } = await checkAgainstData(set, dataset, {
    planned,
    signal: options.signal,
  });
  if (options.signal?.aborted) {
    return { faults: [], notes, ...nothingRun, interrupted: true };
  }
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
  const { name: backend } = chooseBackend(recordedBackend, probes);
  const jobs = Math.min(options.jobs ?? 1, sample.length);
  const { seconds, basis } = await estimateWork(
    sample.map(({ config }) => config),
    {
      rows: { train: dataset.train.rows, test: dataset.test.rows },
      input: { shape: dataset.shape, classes: dataset.classNames.length },
      backend,
      software: webgpu?.software,
      longest: options.longest && options.longest * jobs,
      signal: options.signal,
    },
  );
  const estimate = { seconds: seconds / jobs, basis };
  const what = `Running ${countOf(sample.length, "cell")} again`;
  requireShort(estimate.seconds, what, options);
  options.onEstimate?.(
    `${what}${sample.length > 1 ? ", the cheapest first" : ""}: ${
      describeEstimate(estimate)
    }`,
  );
  options.listener?.onPlanned?.({
    cells: sample,
    costs,
    done: new Set(),
    reused: new Map(),
    backend: { name: backend, reason: "as recorded" },
    torn: false,
  });
  const done = await runSample(set, sample, {
    ...options,
    backend,
    costs,
    dataset: { images: dataset, sha256: set.dataset.sha256 },
  });
  return {
    ...done,
    faults: [...faults, ...done.faults],
    notes: [...notes, ...done.notes],
  };
}

/** Slots that are planned in a second, cautiously. */
const SLOTS_PER_SECOND = 5e6;

/** How long it takes to plan all cells again, which a set of a few kB may ask. */
function planningSeconds({ dataset, study }: ResultSet): number {
  const sum = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0);
  const cells = axes.reduce(
    (count, axis: Axis) => count * valuesOf<unknown>(study, axis).length,
    1,
  );
  const meanRatio = sum(study.ratios) / study.ratios.length;
  return cells * sum(dataset.trainPerClass) * (1 + meanRatio) /
    SLOTS_PER_SECOND;
}

/**
 * Requires that the WebGPU cells that are to run again can be compared here: without
 * a tolerance they must have run on this adapter, as bits are those of one adapter.
 * A set may have cells of several, as a merged one.
 *
 * @throws {UsageError} If one ran on another.
 */
export function requireComparable(
  set: ResultSet,
  here: AdapterReport | undefined,
  options: VerifyOptions,
): void {
  const isWebgpu = set.cells[0]!.config.backend === "webgpu";
  if (!isWebgpu || here === undefined || options.tolerance !== undefined) {
    return;
  }
  const runs = runsByCell(set);
  const other = sampleCells(set, options).map(({ id }) =>
    runs.get(id)!.map(({ backend }) => adapterNameOf(backend["adapter"]))
  ).find((names) =>
    !names.some((name) => name === undefined || name === here.description)
  )?.[0];
  if (other === undefined) return;
  throw new UsageError(
    `Recorded on the WebGPU adapter "${
      quotation(other, 60)
    }", but this machine has "${here.description}": cells are equal bit for bit on one adapter only, so compare them here with "tolerance", such as 0.02, or run no cell with "cells" 0`,
    { field: ["tolerance", "cells"] },
  );
}

function adapterNameOf(adapter: unknown): string | undefined {
  if (typeof adapter !== "object" || adapter === null) return undefined;
  const { description } = adapter as { description?: unknown };
  return typeof description === "string" && description !== ""
    ? description
    : undefined;
}

interface RepeatOptions extends VerifyOptions {
  backend: BackendName;
  /** Estimated work of each cell, by id. */
  costs: ReadonlyMap<string, number>;
  dataset: { images: Dataset; sha256: string };
}

async function runSample(
  set: ResultSet,
  sample: readonly FinishedCell[],
  options: RepeatOptions,
): Promise<Verification> {
  const { backend, costs, dataset, jobs, signal, listener } = options;
  const recorded = new Map(sample.map((cell) => [cell.id, cell]));
  // Cells finish in any order; findings are in the order of the set.
  const comparisons = new Map<string, RepeatedCell>();
  let here: Record<string, unknown> | undefined;
  // The cheapest first, so that a first answer comes soon.
  const ordered = [...sample].sort((a, b) =>
    costs.get(a.id)! - costs.get(b.id)!
  );
  const failed = await runCells(
    ordered.map(({ id, config }) => ({ id, config })),
    {
      openRunner: (ended) =>
        jobs === undefined
          ? openCellRunner({ backend, dataset: dataset.images })
          : startWorker({
            backend,
            dataset: dataset.images,
            signal: ended,
            usesNativeCode: sample.some(needsNativeCode),
          }),
      jobs: jobs ?? 1,
      signal,
      onOpened: (opened) => {
        here = opened.backend;
        if (opened.dataset.sha256 !== dataset.sha256) {
          throw new UsageError(
            `The images of "${dataset.images.name}" were corrupted on the way to a worker: verify again`,
          );
        }
      },
      onProgress: (cell, share, epoch) =>
        listener?.onProgress?.(cell, share, epoch),
      onRetry: (cell, error) => listener?.onRetry?.(cell, error),
      onFinished: (cell) => {
        listener?.onFinished?.(cell);
        const comparison = compareCells(
          recorded.get(cell.id)!,
          cell,
          backend === "webgpu" ? options.tolerance : undefined,
        );
        comparisons.set(cell.id, comparison);
        options.onCompared?.(cell.id, comparison);
        return Promise.resolve();
      },
    },
  );
  listener?.onRan?.();
  const ids = sample.map(({ id }) => id);
  const repeated = ids.filter((id) => comparisons.has(id));
  const compared = repeated.map((id) => comparisons.get(id)!);
  const list = (field: "fault" | "note") =>
    compared.flatMap((comparison) => comparison[field] ?? []);
  const identical =
    compared.filter(({ fault, note }) => (fault ?? note) === undefined).length;
  const notes = list("note");
  if (options.tolerance !== undefined && backend !== "webgpu") {
    notes.push(
      `a tolerance applies to WebGPU cells only: these ran on ${backend}, where results are equal bit for bit on every machine`,
    );
  }
  if (identical < compared.length) {
    notes.push(...describeAdapter(set, here), ...describeVersions(set));
  }
  return {
    faults: list("fault"),
    notes,
    repeated,
    identical,
    notRun: failed.map(({ id, error }) =>
      `cell ${id} could not be run again: ${error}`
    ),
    interrupted: signal?.aborted === true,
  };
}

/** Says so if a WebGPU set was recorded on another adapter, whose bits differ. */
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
      "recorded on another adapter: WebGPU cells are equal bit for bit only on the same adapter; on another, verify with a tolerance",
    ]
    : [];
}
