import "../core/require_long.ts";
import { chooseBackend } from "../backend/choose_backend.ts";
import { openBackend } from "../backend/open_backend.ts";
import { probeBackends } from "../backend/probe_backends.ts";
import { measureRates } from "../cell/measure_rates.ts";
import { hoursOf, sumWork } from "../cell/work_hours.ts";
import type { BackendName } from "../spec/backends.ts";
import { datasets, type DatasetTerm } from "../spec/datasets.ts";
import { planCells } from "../spec/plan_cells.ts";
import { BATCH, type Study } from "../spec/study.ts";

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
  const measured = new Map<string, Awaited<ReturnType<typeof measureRates>>>();
  const estimates: (SweepEstimate | undefined)[] = [];
  for (const study of studies) {
    const { rows }: DatasetTerm = datasets[study.dataset];
    if (rows === undefined) {
      estimates.push(undefined);
      continue;
    }
    const { name } = chooseBackend(study.backend, probes);
    const cells = planCells(study, name);
    const work = sumWork(cells.map(({ config }) => config), {
      train: Math.min(study.limitTrain ?? rows.train, rows.train),
      test: Math.min(study.limitTest ?? rows.test, rows.test),
    });
    const rates = new Map();
    for (const network of work.keys()) {
      const key = `${name} ${network}`;
      if (!measured.has(key)) {
        const backend = await openBackend(name);
        measured.set(
          key,
          await measureRates([network], { backend, batch: BATCH }),
        );
      }
      rates.set(network, measured.get(key)!.get(network)!);
    }
    estimates.push({
      hours: hoursOf(work, rates),
      cells: cells.length,
      backend: name,
    });
  }
  return estimates;
}
