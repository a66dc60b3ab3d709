import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { openBackend } from "../../src/backend/open_backend.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { BackendError } from "../../src/core/errors.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { webgpuTest } from "../webgpu_available.ts";

const limits = { limitTrain: 64, limitTest: 32 };
const study = parseStudy({
  name: "lost-device",
  ...limits,
  ratios: [0],
  epochs: 2,
  batch: 16,
  attacks: ["fgsm"],
  backend: "webgpu",
});

// One test: TensorFlow.js opens one device per process, and it is lost here.
webgpuTest(
  "runCell() and runSweep() of a library user throw once the device is lost, and record nothing",
  async () => {
    const dataset = await loadDataset("cifar10-mini", limits);
    const backend = await openBackend("webgpu");
    const [cell] = planCells(study, "webgpu");
    const { device } = tf.backend() as WebGPUBackend;
    const finished: FinishedCell[] = [];
    let steps = 0;
    await assertRejects(
      async () => {
        finished.push(
          await runCell(cell!, dataset, {
            backend,
            onProgress() {
              // In the second step: what follows computes on a lost device.
              if (++steps === 2) device.destroy();
            },
          }),
        );
      },
      BackendError,
      "device lost",
    );
    assertEquals(finished, []);
    assert(steps >= 2);
    // The device of this process stays lost, and so does a sweep on it.
    const kept: string[] = [];
    await assertRejects(
      () =>
        runSweep(study, {
          listener: { onFinished: ({ id }) => kept.push(id) },
        }),
      BackendError,
      "device lost",
    );
    assertEquals(kept, []);
  },
);
