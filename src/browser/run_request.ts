import { openWasmBytes } from "../backend/open_wasm_bytes.ts";
import { runCell } from "../cell/run_cell.ts";
import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { type Dataset, digestDataset } from "../data/dataset.ts";
import { limitDataset } from "../data/limit_dataset.ts";
import { parseCifar10 } from "../data/parse_cifar10.ts";
import { compareCells } from "../verify/compare_cells.ts";
import { compareValues } from "../verify/compare_values.ts";
import type { ImageSource, RunEvent, RunRequest } from "./messages.ts";
import { unpackImages } from "./pack_images.ts";

/** Least time between two reports of progress, in ms. */
const REPORT_MS = 100;

/**
 * Runs a recorded cell again and compares it.
 *
 * @param tell Is told of everything that the reader is to see.
 * @throws {UsageError} If the images are not those that were recorded.
 * @throws {BackendError} If the backend cannot be opened.
 */
export async function runRequest(
  { recorded, dataset, images, binaries }: RunRequest,
  tell: (event: RunEvent) => void,
): Promise<void> {
  const here = await readImages(images);
  // Leaks are counted where a folder is split, which no page has.
  const { leaksPerClass: _, ...expected } = dataset;
  const other = firstDifference(expected, digestDataset(here));
  if (other !== null) {
    throw new UsageError(
      `The images differ from the recorded ones: ${other.field}: expected ${other.expected} as recorded, got ${other.got}`,
    );
  }
  const backend = await openWasmBytes(binaries);
  tell({ kind: "begun" });
  const start = performance.now();
  let last = start;
  const repeated = await runCell(
    { id: recorded.id, config: recorded.config },
    here,
    {
      backend,
      onProgress(share, epoch) {
        const now = performance.now();
        if (now - last < REPORT_MS) return;
        last = now;
        tell({ kind: "progress", share, epoch });
      },
      onLosses: (losses) => tell({ kind: "losses", losses: losses.slice() }),
    },
  );
  tell({
    kind: "compared",
    fault: compareCells(recorded, repeated).fault,
    values: compareValues(recorded, repeated),
    runMs: performance.now() - start,
  });
}

async function readImages(source: ImageSource): Promise<Dataset> {
  if ("packed" in source) return unpackImages(source.packed);
  const whole = await parseCifar10(
    async (name) => {
      const file = source.files.find((file) => file.name === name);
      if (file === undefined) {
        throw new UsageError(
          `"${name}" is not among the chosen files: choose all six of the binary version of CIFAR-10`,
        );
      }
      return new Uint8Array(await file.arrayBuffer());
    },
    (name) => name,
  );
  return limitDataset(whole, source.limits);
}
