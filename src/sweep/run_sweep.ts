import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { digestOf } from "../core/digest.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { digestDataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load_dataset.ts";
import { collectProvenance } from "../results/collect_provenance.ts";
import { journalPath, openJournal } from "../results/journal.ts";
import type { Provenance } from "../results/provenance.ts";
import {
  type CellResult,
  digestResultSet,
  type FinishedCell,
  type ResultSet,
  SCHEMA_ID,
  type Shard,
} from "../results/result_set.ts";
import { packageVersions, version } from "../results/versions.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import type { BackendName } from "../spec/backends.ts";
import { type Cell, planCells } from "../spec/plan_cells.ts";
import type { Study } from "../spec/study.ts";
import { needsNativeCode, planCost, requestDataset } from "./plan_work.ts";
import { planShard } from "./plan_shard.ts";
import { runCells } from "./run_cells.ts";

/** How to run a sweep; none of it changes an outcome. */
export interface SweepOptions {
  /** Result-set file; its journal stands beside it. */
  out: string;
  /** Cells run at a time, each in a process of its own. */
  jobs: number;
  /** Folder of the data set's files, where it has one. */
  dataDir?: string | undefined;
  /** Which part of the cells to run; none: all. */
  shard?: Shard | undefined;
  /** Folder for initial and final weights and batch orders. */
  exportDir?: string | undefined;
  /** Arguments to record as the command. */
  command?: string[];
  /** Ends the sweep early; what is finished stays in the journal. */
  signal?: AbortSignal;
  /** Told of what happens. */
  listener?: SweepListener;
}

/** Whom a sweep tells what happens, in this order. */
export interface SweepListener {
  /** The sweep is laid out; `done`: cells that an earlier run finished. */
  onPlanned?(plan: SweepPlan): void;
  /** A cell got further; `share` in `[0, 1]`, `epoch` from 0. */
  onProgress?(cell: Cell, share: number, epoch: number): void;
  /** A cell is finished and safe on disk. */
  onFinished?(cell: FinishedCell): void;
}

/** A sweep as laid out before its first cell runs. */
export interface SweepPlan {
  /** All cells, in the order of the study's axes. */
  cells: readonly Cell[];
  /** Estimated work of each cell, by id, in passes of one image. */
  costs: ReadonlyMap<string, number>;
  /** Ids of cells that an earlier run finished. */
  done: ReadonlySet<string>;
  /** Backend and why. */
  backend: { name: BackendName; reason: string };
  /** Where finished cells are kept. */
  journal: string;
  /** Whether the journal's last line had been cut short by a kill. */
  torn: boolean;
}

/** How a sweep ended. */
export type SweepEnd =
  | { status: "complete" | "failed"; set: ResultSet }
  | { status: "interrupted"; finished: number; cells: number };

/**
 * Runs a study from images to result set: loads the data, plans every cell,
 * runs what an earlier run left over, keeps each finished cell in the journal,
 * and writes the result set whole at the end. The digest of the result set does
 * not depend on `options`, on the order in which cells finish, or on how often
 * the sweep was interrupted.
 *
 * @throws {UsageError} If data, plan, journal or output do not allow it; nothing
 * is then written.
 * @throws {BackendError} If the backend is not to be had.
 */
export async function runSweep(
  study: Study,
  options: SweepOptions,
): Promise<SweepEnd> {
  const { out, jobs, dataDir, exportDir, shard, signal, listener } = options;
  const chosen = chooseBackend(study.backend, await probeBackends());
  const request = requestDataset(study, dataDir);
  const { name, ...source } = request;
  const dataset = await loadDataset(name, source);
  const digest = digestDataset(dataset);
  const planned = planCells(study, chosen.name);
  const costs = new Map(
    planned.map((cell) => [cell.id, planCost(cell, dataset)]),
  );
  const cells = shard === undefined
    ? planned
    : planShard(planned, costs, shard);
  await makeFolders(out, exportDir);
  const journal = await openJournal(journalPath(out), {
    study: digestOf(study),
    ...(shard && { shard }),
    dataset: digest.sha256,
    backend: chosen.name,
    versions: {
      dupbench: version,
      deno: Deno.version.deno,
      ...packageVersions(),
    },
  });
  try {
    const results = new Map<string, CellResult>(
      journal.cells.map((cell) => [cell.id, cell]),
    );
    const done = new Set(results.keys());
    listener?.onPlanned?.({
      cells,
      costs,
      done,
      backend: chosen,
      journal: journalPath(out),
      torn: journal.torn,
    });
    let backend: Provenance["backend"] = { name: chosen.name };
    const failed = await runCells(cells.filter(({ id }) => !done.has(id)), {
      backend: chosen.name,
      dataset: request,
      exportDir,
      usesNativeCode: needsNativeCode(cells),
      jobs,
      ...(signal && { signal }),
      onOpened: (opened) => {
        backend = opened.backend as Provenance["backend"];
        if (opened.dataset.sha256 !== digest.sha256) {
          throw new UsageError(
            `Cannot go on as the data set "${name}" changed while the sweep ran`,
          );
        }
      },
      onProgress: (cell, share, epoch) =>
        listener?.onProgress?.(cell, share, epoch),
      onFinished: async (cell) => {
        await journal.append(cell);
        results.set(cell.id, cell);
        listener?.onFinished?.(cell);
      },
    });
    if (signal?.aborted) {
      journal.close();
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
    const set: ResultSet = {
      ...parts,
      digest: digestResultSet(parts),
      provenance: await collectProvenance({
        backend,
        jobs,
        command: options.command ?? [],
      }),
    };
    await writeFileAtomically(out, JSON.stringify(set, null, 2) + "\n");
    // With failed cells the journal stays, so that the same command again runs
    // only those.
    if (failed.length === 0) await journal.remove();
    else journal.close();
    return { status: failed.length === 0 ? "complete" : "failed", set };
  } catch (error) {
    journal.close();
    throw error;
  }
}

async function makeFolders(out: string, exportDir?: string): Promise<void> {
  const old = await Deno.stat(out).catch(() => null);
  if (old?.isDirectory) {
    throw new UsageError(`Cannot write "${out}" as it must be no folder`);
  }
  const slash = out.lastIndexOf("/");
  const folders = [slash > 0 ? out.slice(0, slash) : ".", exportDir];
  for (const folder of folders) {
    if (folder === undefined) continue;
    try {
      await Deno.mkdir(folder, { recursive: true });
    } catch (error) {
      throw new UsageError(
        `Cannot make folder "${folder}": ${messageOf(error)}`,
      );
    }
  }
}
