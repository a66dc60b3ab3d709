import "../core/require_long.ts";
import * as tf from "@tensorflow/tfjs";
import { pgd as buildPgd } from "../attacks/pgd.ts";
import type { Backend } from "../backend/backend.ts";
import { openStream } from "../core/stream.ts";
import { buildClassifier } from "../models/classifier.ts";
import { type NetworkName, networks } from "../spec/networks.ts";
import { resolveOptimizer } from "../spec/optimizers.ts";
import { drawDropout } from "./dropout.ts";
import { buildOptimizer } from "./optimizer.ts";
import { updateWeights } from "./update_weights.ts";

/** Names of the jobs that are timed. */
export const stepJobs = ["train", "pgd10"] as const;

/** What to time. */
export interface StepTimeOptions {
  /** Model, on random images of 32x32x3 and ten classes. */
  model: NetworkName;
  /** Images in the batch. */
  batch: number;
  /**
   * `train`: one SGD-momentum step; `pgd10`: ten PGD iterations at 8/255
   * without a random start; `pgd`: the same with `iterations`; `evaluate`: one
   * classification. The batch is already on the backend.
   */
  job: typeof stepJobs[number] | "pgd" | "evaluate";
  /** Iterations of the job `pgd`; default 10. */
  iterations?: number | undefined;
  /** Timed runs. */
  runs: number;
  /** Untimed runs before those. */
  warmup: number;
  /** The opened backend. */
  backend: Pick<Backend, "settle">;
}

/** Wall times over the runs, in milliseconds. */
export interface StepTime {
  /** Median run. */
  medianMs: number;
  /** Fastest run. */
  minMs: number;
  /** Slowest run. */
  maxMs: number;
}

/**
 * Times one job of training, by which backends and kernels are compared. Each
 * run ends when the backend has finished its work.
 *
 * @throws {BackendError} If the device fails.
 */
export async function timeSteps(options: StepTimeOptions): Promise<StepTime> {
  const { model, batch, job, runs, warmup, backend } = options;
  const steps = job === "pgd" ? options.iterations ?? 10 : 10;
  const shape = [32, 32, 3] as const;
  const classes = 10;
  const classifier = buildClassifier(networks[model].network, {
    input: { shape, classes },
    seed: 0,
  });
  const sgd = resolveOptimizer("sgd", { weightDecay: 0 });
  const optimizer = buildOptimizer(sgd, classifier.weights);
  const stream = openStream(0, "split", "step-time");
  const images = tf.tensor4d(
    Float32Array.from({ length: batch * 3072 }, () => stream.uniform()),
    [batch, ...shape],
  );
  const labels = tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Int32Array.from({ length: batch }, () => stream.below(classes)),
        "int32",
      ),
      classes,
    ).toFloat() as tf.Tensor2D
  );
  const dropout = drawDropout(classifier.network, {
    seed: 0,
    step: 0,
    rows: batch,
  }).map(({ shape, values }) => tf.tensor(values, [...shape]));
  const attack = buildPgd({
    epsilon: 8 / 255,
    stepSize: 2 / 255,
    steps,
    randomStart: false,
  });
  const pgd = () => {
    const found = attack.perturb((x) => classifier.logits(x), {
      images,
      labels,
      streamOf: () => stream,
    });
    tf.dispose([found.images, found.zeroGradients]);
  };
  const jobs: Record<typeof job, () => void> = {
    train: () => {
      const loss = updateWeights(
        classifier,
        optimizer,
        { images, labels, dropout },
        sgd.learningRate,
      );
      tf.dispose(loss);
    },
    pgd,
    pgd10: pgd,
    evaluate: () => tf.tidy(() => void classifier.logits(images)),
  };
  const once = jobs[job];
  try {
    const times: number[] = [];
    for (let run = -warmup; run < runs; run++) {
      const started = performance.now();
      once();
      await backend.settle();
      if (run >= 0) times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    return {
      medianMs: times[times.length >> 1]!,
      minMs: times[0]!,
      maxMs: times.at(-1)!,
    };
  } finally {
    optimizer.dispose();
    classifier.dispose();
    tf.dispose([images, labels, dropout]);
  }
}
