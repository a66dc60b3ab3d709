import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { estimateWork } from "../cell/estimate_work.ts";
import type { BackendName } from "../spec/backends.ts";
import { datasets, type DatasetTerm } from "../spec/datasets.ts";
import { planCells } from "../spec/plan_cells.ts";
import type { Study } from "../spec/study.ts";

/** What a study, or the rest of it, costs on this machine at most. */
export interface SweepEstimate {
  /**
   * Hours of one job, from rates measured before: on wasm and cpu a job keeps one
   * processor core busy. Attacks that end early for misclassified images are not
   * deducted.
   */
  hours: number;
  /** Cells that are to run. */
  cells: number;
  /** Backend on which the rates were measured. */
  backend: BackendName;
}

/**
 * Estimates what studies cost on this machine, without their images. Each network
 * is measured once on each backend.
 *
 * @returns Estimates in the order of the studies; none for a data set whose size
 * is not known.
 * @throws {BackendError} If a backend is unavailable.
 */
export async function estimateStudies(
  studies: readonly Study[],
): Promise<(SweepEstimate | undefined)[]> {
  const probes = await probeBackends();
  const estimates: (SweepEstimate | undefined)[] = [];
  for (const study of studies) {
    const { rows }: DatasetTerm = datasets[study.dataset];
    if (rows === undefined) {
      estimates.push(undefined);
      continue;
    }
    const { name } = chooseBackend(study.backend, probes);
    const cells = planCells(study, name);
    const { seconds } = await estimateWork(
      cells.map(({ config }) => config),
      {
        rows: {
          train: Math.min(study.limitTrain ?? rows.train, rows.train),
          test: Math.min(study.limitTest ?? rows.test, rows.test),
        },
        backend: name,
      },
    );
    estimates.push({
      hours: seconds / 3600,
      cells: cells.length,
      backend: name,
    });
  }
  return estimates;
}
