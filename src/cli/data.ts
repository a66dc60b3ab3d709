import { z } from "zod";
import { digestDataset } from "../data/dataset.ts";
import { datasetNames } from "../spec/datasets.ts";
import { loadDataset } from "../data/load_dataset.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";
import { formatTable } from "./table.ts";

const options = z.strictObject({
  dataset: z.enum(datasetNames).default("cifar10-mini").describe("Images"),
  dataDir: z.string().optional().describe(
    "Folder of the data set's files: cifar10, fashion-mnist and folder",
  ).meta({ value: "FOLDER" }),
  limitTrain: z.int().min(1).optional().describe(
    "Seeded class-balanced subset of the training images",
  ),
  limitTest: z.int().min(1).optional().describe(
    "Seeded class-balanced subset of the test images",
  ),
  json: z.boolean().default(false).describe("Print JSON"),
});

/** `data`: loads a data set, checks it, and says what is in it. */
export const dataCommand: Command = {
  name: "data",
  summary: "Load and check a data set; print its counts and digest",
  examples: ["", "--dataset folder --data-dir my-images"],
  options,
  async run(flags) {
    const { dataset: name, json, dataDir, limitTrain, limitTest } = validate(
      options,
      flags,
    );
    const started = performance.now();
    const dataset = await loadDataset(name, {
      ...(dataDir !== undefined && { dataDir }),
      ...(limitTrain !== undefined && { limitTrain }),
      ...(limitTest !== undefined && { limitTest }),
    });
    const loadMs = performance.now() - started;
    const digest = digestDataset(dataset);
    if (json) {
      console.log(JSON.stringify({ ...digest, shape: dataset.shape, loadMs }));
      return 0;
    }
    console.log(
      `${name}: ${dataset.train.rows} training and ${dataset.test.rows} test images of ${
        dataset.shape.join("x")
      }, loaded in ${(loadMs / 1000).toFixed(2)} s\n`,
    );
    console.log(formatTable(
      ["class", "train", "test"],
      dataset.classNames.map((label, i) => [
        label,
        String(digest.trainPerClass[i]),
        String(digest.testPerClass[i]),
      ]),
      1,
    ));
    console.log(`\nsha256 ${digest.sha256}`);
    return 0;
  },
};
