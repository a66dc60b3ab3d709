import { assert, assertEquals, assertRejects } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { checkReliability } from "../../src/cell/check_reliability.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { evaluateCell, evaluateClean } from "../../src/cell/evaluate_cell.ts";
import { runCell, type RunCellOptions } from "../../src/cell/run_cell.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { timeSteps } from "../../src/train/time_steps.ts";
import { train } from "../../src/train/train.ts";

const limits = { limitTrain: 200, limitTest: 20 };
const dataset = await loadDataset("cifar10-mini", limits);
const [cell] = planCells(
  parseStudy({
    name: "run-cell",
    ...limits,
    ratios: [0],
    epochs: 3,
    batch: 20,
    attacks: ["fgsm"],
  }),
  "wasm",
);

/**
 * Never called: that this compiles is the test. Each line after an expected
 * error would be an error itself if the backend could be left out.
 */
export function leaveOutBackend(
  [classifier, options, evaluation]: [
    Parameters<typeof train>[0],
    Parameters<typeof train>[2],
    Omit<Parameters<typeof evaluate>[2], "backend">,
  ],
): void {
  // @ts-expect-error The backend is required.
  runCell(cell!, dataset);
  // @ts-expect-error The backend is required.
  runCell(cell!, dataset, { onProgress: () => {} });
  // @ts-expect-error The backend is required.
  train(classifier, dataset, options);
  // @ts-expect-error The backend is required.
  train(classifier, dataset, options, { onStep: () => {} });
  // @ts-expect-error The backend is required.
  evaluate(classifier, dataset, evaluation);
  // @ts-expect-error The backend is required.
  evaluateClean(classifier, dataset, { config: cell!.config });
  evaluateCell(
    classifier,
    dataset,
    // @ts-expect-error The backend is required.
    {
      config: cell!.config,
      list: {} as Parameters<typeof evaluateCell>[2]["list"],
      addFlag: () => {},
      reportWork: () => {},
    },
  );
  // @ts-expect-error The backend is required.
  checkReliability(classifier, dataset, { rows: new Uint32Array(1) });
  timeSteps(
    // @ts-expect-error The backend is required.
    {
      model: "published-standard",
      batch: 1,
      job: "train",
      runs: 1,
      warmup: 0,
    },
  );
}

Deno.test("wasm: runCell() refuses a cell that is planned for another backend", async () => {
  const backend = await openBackend("cpu");
  await assertRejects(
    () => runCell(cell!, dataset, { backend }),
    RangeError,
    'The backend of the cell must be "cpu", the one that is open, got "wasm"',
  );
});

Deno.test("wasm: runCell() ends with the reason of its signal", async () => {
  const backend = await openBackend("wasm");
  const stop = new AbortController();
  const shares: number[] = [];
  const options: RunCellOptions = {
    backend,
    signal: stop.signal,
    onProgress(share) {
      shares.push(share);
      if (shares.length === 3) stop.abort(new Error("enough"));
    },
  };
  await assertRejects(() => runCell(cell!, dataset, options), Error, "enough");
  assertEquals(shares.length, 3);
});

Deno.test("wasm: runCell() lets timers run while it computes", async () => {
  const backend = await openBackend("wasm");
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const start = performance.now();
  await runCell(cell!, dataset, { backend });
  const ms = performance.now() - start;
  clearInterval(timer);
  // At most every 100 ms; a step takes less.
  assert(ticks >= Math.max(1, Math.floor(ms / 400)), `${ticks} in ${ms} ms`);
});
