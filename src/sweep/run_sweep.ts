import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { estimateCell, needsNativeCode } from "../cell/estimate_cell.ts";
import { estimateWork } from "../cell/estimate_work.ts";
import { hasExport } from "../cell/export_cell.ts";
import { canonicalJson, digestOf } from "../core/digest.ts";
import { UsageError } from "../core/errors.ts";
import { requireCount } from "../core/require_count.ts";
import { engine } from "../core/runtime/engine.ts";
import { type Dataset, digestDataset } from "../data/dataset.ts";
import { describeReading } from "../data/folder/folder_reading.ts";
import { loadDataset } from "../data/load_dataset.ts";
import type { PixelCache } from "../data/cache/pixel_cache.ts";
import type { LoadListener } from "../data/folder/read_images.ts";
import { countLeaks } from "../detection/count_leaks.ts";
import { checkJournal } from "../results/journal.ts";
import {
  type NamedResultSet,
  requireSameCell,
} from "../results/merge_result_sets.ts";
import { provenancesOf } from "../results/provenances_of.ts";
import { requireStorable } from "../results/require_storable.ts";
import { findReusable, recordReused } from "../results/reuse_cells.ts";
import { collectProvenance } from "../results/collect_provenance.ts";
import type { Provenance, Run } from "../results/provenance.ts";
import {
  type CellResult,
  digestResultSet,
  type FinishedCell,
  type ResultSet,
  SCHEMA_ID,
  type Shard,
} from "../results/result_set.ts";
import type {
  DatasetDigest,
  ResumedCells,
} from "../results/result_set_types.ts";
import {
  computingVersions,
  packageVersions,
  version,
} from "../results/versions.ts";
import type { BackendName } from "../spec/backends.ts";
import { type Cell, planCells } from "../spec/plan_cells.ts";
import type { SplitRule } from "../spec/splits.ts";
import { type Study, studySchema } from "../spec/study.ts";
import { validateInput } from "../spec/validate_input.ts";
import { openCellRunner } from "./cell_runner.ts";
import { planShard } from "./plan_shard.ts";
import { requestDataset } from "./request_dataset.ts";
import {
  makeFolders,
  openFileStore,
  openMemoryStore,
  type ResultStore,
} from "./result_store.ts";
import { runCells } from "./run_cells.ts";
import type { SweepEstimate } from "./sweep_estimate.ts";
import { startWorker } from "./worker_process.ts";

/** How to run a sweep; none of it changes an outcome. */
export interface SweepOptions {
  /**
   * Result-set file. Its journal is next to it while the sweep runs, so that a
   * sweep that was interrupted can be resumed. Default: nothing is written.
   */
  out?: string | undefined;
  /**
   * Worker processes, each of which runs one cell at a time. They need the
   * permission `--allow-run=deno`, and a fault of a driver ends one cell only.
   * Default: cells run in this process, one after another.
   */
  jobs?: number | undefined;
  /**
   * With `jobs`: seconds without a heartbeat after which a worker is killed
   * and its cell runs once more; default: 300, or ten times as long as it has been
   * silent before.
   */
  stallLimit?: number | undefined;
  /** Folder of the data set's files, where it has one. */
  dataDir?: string | undefined;
  /** Keeps the decoded images of a folder between runs; default: nothing. */
  cache?: PixelCache | undefined;
  /** Told how many images of a folder are loaded, of how many; waited for. */
  onLoading?: LoadListener | undefined;
  /** The images, where they have been loaded as `requestDataset` says. */
  dataset?: Dataset | undefined;
  /** The part of the cells to run; default: all. */
  shard?: Shard | undefined;
  /**
   * Earlier result sets, of any studies: their finished cells that have the same
   * settings as cells of the sweep are taken from them and do not run. Times of
   * these cells are those of the earlier runs. Default: none.
   */
  reuse?: readonly NamedResultSet[] | undefined;
  /**
   * Folder for initial and final weights and batch orders; reused cells have
   * none, so not with `reuse`.
   */
  exportDir?: string | undefined;
  /** Arguments to record as the command. */
  command?: string[];
  /** Ends the sweep early; what is finished stays in the journal. */
  signal?: AbortSignal | undefined;
  /** Told of what happens. */
  listener?: SweepListener | undefined;
  /**
   * Asked before the first cell runs, with what the cells that are missing cost at
   * most, by rates measured in about a second per network: where it throws, no
   * cell runs. It is not asked where less is to do than to measure. Default:
   * nothing is measured.
   */
  approve?: ((estimate: SweepEstimate) => void | Promise<void>) | undefined;
}

/** Who is told of a sweep, in this order. */
export interface SweepListener {
  /** The sweep is planned. */
  onPlanned?(plan: SweepPlan): void;
  /** A cell has progressed: `share` in `[0, 1]`, `epoch` from 0. */
  onProgress?(cell: Cell, share: number, epoch: number): void;
  /**
   * The network of a cell runs operation by operation although its backend
   * compiles networks; told for each such cell, with what keeps it from being
   * compiled, such as `layer 3 (maxPool)`.
   */
  onNotCompiled?(cell: Cell, reason: string): void;
  /** A cell has failed for the first time, with this message, and runs again. */
  onRetry?(cell: Cell, error: string): void;
  /** A cell is finished and, where there is a journal, safe on disk. */
  onFinished?(cell: FinishedCell): void;
  /** No cell runs any more; the result set is made next. */
  onRan?(): void;
}

/** A sweep as planned, before its first cell runs. */
export interface SweepPlan {
  /** All cells, in the order of the study's axes. */
  cells: readonly Cell[];
  /** Estimated work of each cell, by id, in passes of one image. */
  costs: ReadonlyMap<string, number>;
  /** Ids of cells that an earlier run finished. */
  done: ReadonlySet<string>;
  /** The earlier set that each reused cell is taken from, by id. */
  reused: ReadonlyMap<string, NamedResultSet>;
  /** Backend, and the reason for it. */
  backend: { name: BackendName; reason: string };
  /** Journal of finished cells, where there is one. */
  journal?: string | undefined;
  /** Whether the last line of the journal had been cut off by a kill. */
  torn: boolean;
  /** How a folder was split, and what leaks; absent where images come split. */
  leaks?: SplitLeaks | undefined;
  /** What of a folder was not read, in lines. */
  notes?: readonly string[] | undefined;
}

/** Test images that have duplicates among the training images. */
export interface SplitLeaks {
  /** Such test images by class, shape `[classes]`. */
  perClass: readonly number[];
  /** Names of the classes. */
  classNames: readonly string[];
  /** Number of test images. */
  testRows: number;
  /** How the folder was split, if it did not come so. */
  split: SplitRule;
  /** Whether it came split. */
  comesSplit: boolean;
}

/** How a sweep ended. */
export type SweepEnd =
  | { status: "complete" | "failed"; set: ResultSet }
  | { status: "interrupted"; finished: number; cells: number };

/** How many test images are counted apart, where they are. */
function describeApart({ test, leaked }: Dataset): string[] {
  if (leaked === undefined) return [];
  const all = test.rows + leaked.rows;
  return [
    `test images with a duplicate (exact, near or mirrored) among the training images: ${leaked.rows} of ${all}, counted separately`,
  ];
}

/**
 * Requires that cells of the journal have been exported: their weights are known
 * only while they run, and an export must not lack cells without a word.
 */
async function requireExports(
  dir: string,
  { journal, cells }: ResultStore,
): Promise<void> {
  const found = await Promise.all(cells.map(({ id }) => hasExport(dir, id)));
  const missing = found.filter((has) => !has).length;
  if (missing === 0) return;
  throw new UsageError(
    `"exportDir" must have the weights of all finished cells of the journal "${journal}", but "${dir}" lacks those of ${missing} of ${cells.length}: name the folder of the interrupted sweep, or move the journal away to run all cells again`,
    { field: "exportDir" },
  );
}

/**
 * What a set says of its runs: its provenance is that of the last one in which cells
 * ran; cells of earlier ones are recorded with theirs, unless it is the same.
 *
 * @param earlier Those that the journal has.
 * @param options The run of this process, and whether cells ran in it.
 */
function recordRuns(
  earlier: readonly ResumedCells[],
  { run, ran }: { run: Run; ran: boolean },
): { provenance: Provenance; resumed: ResumedCells[] } {
  const own = { ...run, finishedAt: new Date().toISOString() };
  const provenance = ran ? own : earlier.at(-1)?.run ?? own;
  const formOf = ({ finishedAt: _, ...run }: Provenance) => canonicalJson(run);
  const form = formOf(provenance);
  return {
    provenance,
    resumed: earlier.filter(({ run }) => formOf(run) !== form),
  };
}

/** Work that takes seconds on most backends, in passes of one image. */
const WORTH_MEASURING = 20_000;

/**
 * Runs a study from images to result set: loads the data, plans every cell, runs
 * those that are not in the journal, and writes the result set, if there is to
 * be a file. The digest of the result set does not depend on `options`, on the
 * order in which cells finish, or on how often the sweep was interrupted.
 *
 * @throws {UsageError} If the study is not valid, or data, plan, journal or output
 * do not allow it; nothing is then written.
 * @throws {RangeError} If `jobs` or `stallLimit` is out of range.
 * @throws {BackendError} If the backend is unavailable or, without `jobs`, fails.
 * @throws What `approve` throws; nothing is then written.
 */
export async function runSweep(
  given: Study,
  options: SweepOptions = {},
): Promise<SweepEnd> {
  // A study that was put together by hand would run for hours and give a file that
  // nothing reads; one that its owner changes meanwhile would give other cells.
  const study = validateInput(studySchema, given, "The study");
  if (options.jobs !== undefined) requireCount("jobs", options.jobs);
  const { stallLimit } = options;
  if (stallLimit !== undefined && !(stallLimit > 0)) {
    throw new RangeError(`"stallLimit" must be above 0, got ${stallLimit}`);
  }
  const { out, jobs, dataDir, exportDir, shard, signal, listener } = options;
  const sources = options.reuse ?? [];
  if (exportDir !== undefined && sources.length > 0) {
    throw new UsageError(
      `"exportDir" must not be given with "reuse": result sets have no weights of the cells that would be reused`,
      { field: ["exportDir", "reuse"] },
    );
  }
  const chosen = chooseBackend(study.backend, await probeBackends());
  const { name, ...source } = requestDataset(study, dataDir);
  const dataset = options.dataset ?? await loadDataset(name, {
    ...source,
    cache: options.cache,
    onProgress: options.onLoading,
  });
  const digest: DatasetDigest = digestDataset(dataset);
  // With a reserve, or without one where the study has one: loaded once at most.
  let otherDigest: Promise<DatasetDigest> | undefined;
  if (source.split !== undefined) {
    digest.leaksPerClass = await countLeaks(dataset);
  }
  const planned = planCells(study, chosen.name);
  if (planned.length === 0) {
    throw new UsageError(
      '"exclude" must leave at least one cell of the study, got entries that leave none',
      { field: "exclude" },
    );
  }
  if (out !== undefined) {
    requireStorable(planned.map(({ config }) => config), digest);
  }
  const costs = new Map(
    planned.map((cell) => [cell.id, estimateCell(cell, dataset)]),
  );
  const cells = shard === undefined
    ? planned
    : planShard(planned, costs, shard);
  const reusable = findReusable(
    await Promise.all(sources.map(async (earlier) => ({
      ...earlier,
      dataset: await digestAs(earlier.set.study),
    }))),
    { planned, backend: chosen.name },
  );
  await makeFolders(options);
  const store = out === undefined
    ? openMemoryStore()
    : await openFileStore(out, {
      study: digestOf(study),
      ...(shard && { shard }),
      dataset: digest.sha256,
      backend: chosen.name,
      versions: {
        [engine.name.toLowerCase()]: engine.version,
        ...computingVersions(
          { dupbench: version, packages: packageVersions() },
          chosen.name,
        ),
      },
    }, { study, shard, dataset: digest, backend: chosen.name });
  try {
    checkJournal(store.journal ?? "", store.cells, {
      planned: new Map(cells.map(({ id, config }) => [id, config])),
      testPerClass: digest.testPerClass,
    });
    if (exportDir !== undefined) {
      await requireExports(exportDir, store);
    }
    for (const cell of store.cells) {
      const found = reusable.get(cell.id);
      if (found === undefined) continue;
      requireSameCell({ path: store.journal ?? "", cell }, {
        path: found.source.path,
        cell: found.cell,
      });
    }
    const results = new Map<string, CellResult>(
      store.cells.map((cell) => [cell.id, cell]),
    );
    const done = new Set(results.keys());
    const reused = new Map(
      cells.flatMap(({ id }) => {
        const found = done.has(id) ? undefined : reusable.get(id);
        return found === undefined ? [] : [[id, found] as const];
      }),
    );
    for (const [id, { cell }] of reused) results.set(id, cell);
    const missing = cells.filter(({ id }) => !results.has(id));
    const amount = missing.reduce((sum, { id }) => sum + costs.get(id)!, 0);
    if (options.approve !== undefined && amount >= WORTH_MEASURING) {
      try {
        await approve(missing, options.approve);
      } catch (error) {
        if (!signal?.aborted) {
          await store.discard();
          throw error;
        }
      }
    }
    listener?.onPlanned?.({
      cells,
      costs,
      done,
      reused: new Map([...reused].map(([id, { source }]) => [id, source])),
      backend: chosen,
      journal: store.journal,
      torn: store.torn,
      leaks: study.leaks === "apart" ? undefined : digest.leaksPerClass && {
        perClass: digest.leaksPerClass,
        classNames: dataset.classNames,
        testRows: dataset.test.rows,
        split: source.split!,
        comesSplit: dataset.reading?.comesSplit ?? false,
      },
      notes: [
        ...(dataset.reading ? describeReading(dataset.reading) : []),
        ...describeApart(dataset),
      ],
    });
    // Where no cell runs, as in a merge, it is that of cells that did.
    const [earlier] = reused.values();
    let backend: Provenance["backend"] =
      earlier === undefined || missing.length > 0
        ? { name: chosen.name }
        : provenancesOf(earlier.source.set)[0]!.backend;
    // Before the first cell: the checkout may be another when the last has ended.
    const { finishedAt: _, ...started } = await collectProvenance({
      backend,
      jobs: jobs ?? 1,
      command: options.command ?? [],
    });
    const failed = await runCells(missing, {
      openRunner: (ended) =>
        jobs === undefined
          ? openCellRunner({ backend: chosen.name, dataset, exportDir })
          : startWorker({
            backend: chosen.name,
            dataset,
            exportDir,
            stallLimit: options.stallLimit,
            signal: ended,
            usesNativeCode: cells.some(needsNativeCode),
          }),
      jobs: jobs ?? 1,
      signal,
      onOpened: (opened) => {
        backend = opened.backend as Provenance["backend"];
        if (opened.dataset.sha256 !== digest.sha256) {
          throw new UsageError(
            `The images of "${name}" were corrupted on the way to a worker: run the sweep again`,
          );
        }
      },
      onProgress: (cell, share, epoch) =>
        listener?.onProgress?.(cell, share, epoch),
      onNotCompiled: (cell, reason) => listener?.onNotCompiled?.(cell, reason),
      onRetry: (cell, error) => listener?.onRetry?.(cell, error),
      onFinished: async (cell) => {
        await store.append(cell, { ...started, backend });
        results.set(cell.id, cell);
        listener?.onFinished?.(cell);
      },
    });
    listener?.onRan?.();
    if (signal?.aborted) {
      return {
        status: "interrupted",
        finished: results.size,
        cells: cells.length,
      };
    }
    for (const cell of failed) results.set(cell.id, cell);
    const parts = {
      schema: SCHEMA_ID,
      study,
      ...(shard && { shard }),
      dataset: digest,
      cells: cells.map(({ id }) => results.get(id)!),
    } as const;
    const { provenance, resumed } = recordRuns(store.runs, {
      ran: missing.length > 0,
      run: { ...started, backend },
    });
    const set: ResultSet = {
      ...parts,
      digest: digestResultSet(parts),
      provenance,
      ...(resumed.length > 0 && { resumed }),
      ...(reused.size > 0 && { reused: recordReused(reused) }),
    };
    await store.finish(set, failed.length);
    return { status: failed.length === 0 ? "complete" : "failed", set };
  } finally {
    store.close();
  }

  /**
   * The digest of the images as another study asks for them: its fresh images, if
   * any, come from a reserve, which is part of the digest.
   */
  async function digestAs(other: Study): Promise<DatasetDigest> {
    const { reserve = false } = requestDataset(other, dataDir);
    if (reserve === (source.reserve ?? false)) return digest;
    return await (otherDigest ??= digestWith(reserve));
  }

  async function digestWith(reserve: boolean): Promise<DatasetDigest> {
    const { leaksPerClass } = digest;
    return {
      ...digestDataset(
        await loadDataset(name, { ...source, reserve, cache: options.cache }),
      ),
      ...(leaksPerClass && { leaksPerClass }),
    };
  }

  async function approve(
    missing: readonly Cell[],
    ask: NonNullable<SweepOptions["approve"]>,
  ): Promise<void> {
    const { seconds } = await estimateWork(
      missing.map(({ config }) => config),
      {
        rows: { train: dataset.train.rows, test: dataset.test.rows },
        input: { shape: dataset.shape, classes: dataset.classNames.length },
        backend: chosen.name,
        signal,
      },
    );
    await ask({
      hours: seconds / 3600,
      cells: missing.length,
      backend: chosen.name,
    });
  }
}
