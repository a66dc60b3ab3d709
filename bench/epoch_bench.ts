/**
 * What duplicates cost: one epoch of training at ratios 0, 0.5 and 1, as
 * published, where an epoch visits every copy. Ratio 0 is the baseline.
 *
 * @module
 */
import type { BackendName } from "../src/spec/backends.ts";
import { loadDataset } from "../src/data/load_dataset.ts";
import {
  planDuplication,
  trainingRows,
} from "../src/duplication/plan_duplication.ts";
import { buildClassifier } from "../src/models/classifier.ts";
import { networkOf } from "../src/spec/find_network.ts";
import type { CellConfig } from "../src/spec/cell_config.ts";
import { planCells } from "../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../src/spec/study.ts";
import { train } from "../src/train/train.ts";
import { buildTrainingAttack } from "../src/train/training_attack.ts";
import { backends, benchOn } from "./_bench.ts";

interface EpochCase {
  study: Pick<StudyInput, "model" | "training">;
  title: string;
  /**
   * Images by backend: Deno calls a slow body three times at least, so that
   * plain JavaScript gets a handful where the others get whole batches.
   */
  images: Record<BackendName, number>;
  /** Measured calls less one, by backend. */
  n: Record<BackendName, number>;
  tooSlow?: Partial<Record<BackendName, string>>;
}

const cases: EpochCase[] = [
  {
    study: { model: ["published-standard"], training: ["standard"] },
    title: "published-standard, standard",
    images: { cpu: 4, wasm: 256, webgpu: 256 },
    n: { cpu: 1, wasm: 9, webgpu: 9 },
  },
  {
    study: { model: ["published-adversarial"], training: ["adversarial"] },
    title: "published-adversarial, PGD-10",
    images: { cpu: 4, wasm: 256, webgpu: 256 },
    n: { cpu: 1, wasm: 2, webgpu: 9 },
    tooSlow: { cpu: "half a minute for four images" },
  },
];

for (const { study, title, images, n, tooSlow } of cases) {
  for (const backend of backends) {
    const limitTrain = images[backend];
    const cells = planCells(
      parseStudy({
        name: "epoch",
        ...study,
        limitTrain,
        ratios: [0, 0.5, 1],
        budget: ["epochs"],
        epochs: 1,
      }),
      backend,
    );
    for (const { config } of cells) {
      const { ratio } = config.duplication;
      benchOn(backend, {
        group: `epoch of ${title}, ${limitTrain} images, ${backend}`,
        name: `ratio ${ratio}: ${limitTrain * (1 + ratio)} images`,
        baseline: ratio === 0,
        n: n[backend],
        tooSlow: tooSlow?.[backend],
        async run(clock, backend) {
          const { classifier, dataset, options } = await prepare(config);
          clock.start();
          const { epochs } = await train(
            classifier,
            dataset,
            options,
            { backend },
          );
          clock.end();
          classifier.dispose();
          if (epochs[0]?.images !== options.rows.length) {
            throw new Error("the epoch did not run to its end");
          }
        },
      });
    }
  }
}

/** The data, the plan and the initial model of a cell: all but its training. */
async function prepare(config: CellConfig) {
  const { seed, training } = config;
  const dataset = await loadDataset(config.dataset.name, {
    limitTrain: config.dataset.limitTrain!,
  });
  const input = { shape: dataset.shape, classes: dataset.classNames.length };
  const plan = planDuplication(dataset.train.labels, input.classes, {
    ...config.duplication,
    seed,
  });
  return {
    dataset,
    classifier: buildClassifier(networkOf(config), {
      input,
      seed,
    }),
    options: {
      ...config,
      rows: trainingRows(plan),
      attack: buildTrainingAttack(training),
    },
  };
}
