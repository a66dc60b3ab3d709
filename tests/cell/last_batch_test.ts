import { assert } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { BatchingName } from "../../src/spec/batchings.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { slowTest } from "../slow.ts";

/** Clean accuracy after 40 epochs of Adam in batches of 128. */
async function accuracyOf(
  images: number,
  batching: BatchingName,
): Promise<number> {
  const study = parseStudy({
    name: "last-batch",
    limitTrain: images,
    ratios: [0],
    batch: 128,
    batching,
    optimizer: "adam",
    epochs: 40,
    attacks: [],
  });
  const dataset = await loadDataset("cifar10-mini", { limitTrain: images });
  const backend = await openBackend("wasm");
  const [cell] = planCells(study, "wasm");
  const { outcome } = await runCell(cell!, dataset, { backend });
  const { correct } = outcome.test!.clean;
  return correct / dataset.test.rows;
}

slowTest(
  "an image more than whole batches hold does not ruin a run",
  async () => {
    const whole = await accuracyOf(512, "full");
    const full = await accuracyOf(513, "full");
    const partial = await accuracyOf(513, "partial-last");
    const found =
      `512 images ${whole}, 513 images ${full}, as published ${partial}`;
    assert(Math.abs(full - whole) < 0.03, found);
    // What full batches are for: one image alone is a step as long as any other.
    assert(partial < whole - 0.05, found);
  },
);
