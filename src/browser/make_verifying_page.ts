import "../core/require_long.ts";
import { UsageError } from "../core/errors.ts";
import { loadDataset } from "../data/load_dataset.ts";
import { digestDataset } from "../data/dataset.ts";
import { firstDifference } from "../core/first_difference.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { requestDataset } from "../sweep/request_dataset.ts";
import { formatVerifyingPage } from "./format_verifying_page.ts";
import { packImages } from "./pack_images.ts";
import { type PageCell, pageCell } from "./page_cell.ts";
import { readAssets } from "./read_assets.ts";

/** What a page that verifies holds of a result set. */
export interface VerifyingPageOptions {
  /** The file of the set, as the reader would name it. */
  readonly path: string;
  /** Ids of its cells, or how they begin; default: all that finished. */
  readonly cells?: readonly string[] | undefined;
}

/**
 * Makes a page that verifies from a result set: HTML without other files.
 *
 * @throws {UsageError} If a chosen cell is absent or did not finish, none of them
 * can run in a browser, or the embedded images are not those of the record.
 */
export async function makeVerifyingPage(
  set: ResultSet,
  { path, cells }: VerifyingPageOptions,
): Promise<string> {
  const finished = set.cells.filter((cell) => cell.status === "finished");
  const chosen = cells === undefined ? finished : chooseCells(finished, cells);
  if (chosen.length === 0) {
    throw new UsageError(
      `"${path}" must have at least one finished cell, got 0`,
    );
  }
  const pageCells = chosen.map(pageCell);
  requireRunnable(pageCells, path);
  const { name, ...source } = requestDataset(set.study, undefined);
  const { limitTrain, limitTest, reserve } = source;
  let images: Uint8Array | undefined;
  if (pageCells.some(({ images }) => images === "page")) {
    const dataset = await loadDataset(name, source);
    const other = firstDifference(set.dataset, digestDataset(dataset));
    if (other !== null) {
      throw new UsageError(
        `"${path}" was recorded with other images: dataset.${other.field}: expected ${other.expected}, got ${other.got} of the "${name}" here`,
      );
    }
    images = packImages(dataset);
  }
  return formatVerifyingPage({
    set,
    path,
    data: {
      cells: pageCells,
      dataset: set.dataset,
      limits: { limitTrain, limitTest, reserve },
    },
    images,
    assets: await readAssets(),
  });
}

/** A page is for running cells: `report` shows those that cannot be run. */
function requireRunnable(cells: readonly PageCell[], path: string): void {
  if (cells.some(({ images }) => images !== null)) return;
  const [{ recorded, obstacle }] = cells as [PageCell];
  throw new UsageError(
    `"${path}" must have a cell that a browser can run, got none: cell ${recorded.id} cannot, as ${
      obstacle![0]!.toLowerCase() + obstacle!.slice(1)
    }`,
  );
}

function chooseCells(
  finished: readonly FinishedCell[],
  ids: readonly string[],
): FinishedCell[] {
  const chosen = ids.map((id) => {
    const found = finished.filter((cell) => cell.id.startsWith(id));
    if (found.length === 1) return found[0]!;
    throw new UsageError(
      `"cells" must name one finished cell each, as "${
        finished[0]?.id ?? "59aa62215e98e67a"
      }"; "${id}" matches ${found.length}`,
      { field: "cells" },
    );
  });
  return finished.filter((cell) => chosen.includes(cell));
}
