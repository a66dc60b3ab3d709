import { assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { webgpuTest } from "../webgpu_available.ts";

webgpuTest(
  "runCell() has the same outcome every time, however many steps are in flight",
  async () => {
    const limits = { limitTrain: 64, limitTest: 32 };
    const dataset = await loadDataset("cifar10-mini", limits);
    const backend = await openBackend("webgpu");
    const cells = planCells(
      parseStudy({
        name: "webgpu-twice",
        ...limits,
        training: ["standard", "adversarial"],
        ratios: [1],
        epochs: 2,
        batch: 16,
        trainSteps: 2,
        attacks: ["fgsm", "apgd-ce-5"],
      }),
      "webgpu",
    );
    for (const cell of cells) {
      const run = async (stepsInFlight: number) =>
        (await runCell(cell, dataset, {
          backend: { ...backend, stepsInFlight },
        })).outcome;
      const first = await run(16);
      assertEquals(await run(16), first);
      assertEquals(await run(1), first);
      // A tensor too small for the images: batches are made in JavaScript.
      const { outcome } = await runCell(cell, dataset, {
        backend: { ...backend, maxTensorBytes: 1 },
      });
      assertEquals(outcome, first);
    }
  },
  { isSlow: true },
);
