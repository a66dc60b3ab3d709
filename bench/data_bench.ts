/**
 * What comes before training: loading, planning duplicates, ordering batches,
 * and gathering pixels. No backend takes part.
 *
 * @module
 */
import { digestDataset } from "../src/data/dataset.ts";
import { gatherImages } from "../src/data/gather_images.ts";
import { loadDataset } from "../src/data/load_dataset.ts";
import { planDuplication } from "../src/duplication/plan_duplication.ts";
import { policyNames } from "../src/spec/policies.ts";
import { openMoves } from "../src/train/augmentation.ts";
import { batchOrder } from "../src/train/batch_order.ts";

const dataset = await loadDataset("cifar10-mini");
const { train: { labels, rows }, shape, classNames } = dataset;

const loading = `loading cifar10-mini, ${rows + dataset.test.rows} images`;
bench(loading, "decode and check", async () => {
  await loadDataset("cifar10-mini");
}, true);
bench(loading, "limit to 256", async () => {
  await loadDataset("cifar10-mini", { limitTrain: 256 });
});
bench(loading, "digest", () => {
  digestDataset(dataset);
});

for (const ratio of [0.5, 10]) {
  for (const policy of policyNames) {
    if (policy === "none" || (policy === "whole-copies" && ratio < 1)) continue;
    bench(
      `planning duplicates of ${rows} images, ratio ${ratio}`,
      policy,
      () => {
        planDuplication(labels, classNames.length, {
          policy,
          ratio,
          mode: "add",
          seed: 1,
          class: 0,
          multiplicity: 20,
        });
      },
      policy === "uniform",
    );
  }
}

for (const ratio of [0, 1]) {
  bench(
    `ordering batches of 128 for 30 epochs, ${rows} images`,
    `ratio ${ratio}`,
    () => {
      const order = batchOrder({
        slots: rows * (1 + ratio),
        originalRows: rows,
        batch: 128,
        epochs: 30,
        budget: "epochs",
        seed: 1,
      });
      for (const _ of order);
    },
    ratio === 0,
  );
}

const batch = Uint32Array.from({ length: 128 }, (_, i) => i * 7);
const drawMove = openMoves({ name: "crop-flip" }, { seed: 1, shape })!;
const drawAll = openMoves(
  { name: "crop-flip", border: "reflect", flip: "alternating", cutout: 8 },
  { seed: 1, shape },
)!;
const gathering = "gathering a batch of 128";
bench(
  gathering,
  "as it is",
  () => void gatherImages(dataset.train, shape, batch),
  true,
);
bench(
  gathering,
  "crop and flip",
  () => {
    gatherImages(dataset.train, shape, batch, (i) => drawMove(0, batch[i]!));
  },
);
bench(
  gathering,
  "reflected crop, alternating flip, cutout",
  () => {
    gatherImages(dataset.train, shape, batch, (i) => drawAll(1, batch[i]!));
  },
);

function bench(
  group: string,
  name: string,
  work: () => void | Promise<void>,
  baseline = false,
): void {
  Deno.bench({
    group,
    name,
    baseline,
    async fn() {
      await work();
    },
  });
}
