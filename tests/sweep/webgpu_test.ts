import { assert, assertEquals, assertMatch } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { runMain } from "../cli/run_main.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { inFolder, small, tiny, toArgs } from "./tiny_sweep.ts";

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

webgpuTest(
  "sweep says once that a network is not compiled, and not on cpu, where none is",
  () =>
    inFolder(async (folder) => {
      const model = `${folder}/pooled.json`;
      // No kernel that can be recorded notes which of 256 pixels is the largest.
      const layers = [{ type: "maxPool", size: 16 }, { type: "flatten" }, {
        type: "dense",
      }];
      await Deno.writeTextFile(model, JSON.stringify({ layers }));
      const linesOn = async (backend: string) => {
        const { code, stderr } = await runMain([
          "sweep",
          ...toArgs({
            ...tiny,
            ...small,
            backend,
            model,
            jobs: "1",
            out: `${folder}/${backend}.json`,
          }),
        ]);
        assertEquals(code, 0, stderr);
        assert(stderr.includes("[2/2]"), stderr);
        return stderr.split("\n").filter((line) => line.includes("compile"));
      };
      const [line, ...more] = await linesOn("webgpu");
      // A network of the user's own has its digest in its name.
      assertMatch(
        line!,
        /^pooled-[0-9a-f]{8} runs operation by operation, which is slower: webgpu cannot compile layer 1 \(maxPool\)$/,
      );
      assertEquals(more, []);
      assertEquals(await linesOn("cpu"), []);
    }),
);
