import "../core/require_long.ts";
import * as tf from "@tensorflow/tfjs";
import type { Classify } from "../attacks/attack.ts";
import { pgd as buildPgd } from "../attacks/pgd.ts";
import type { Backend } from "../backend/backend.ts";
import { drawEach, openStream } from "../core/stream.ts";
import { buildClassifier, compiledOf } from "../models/classifier.ts";
import { type NetworkChoice, networkOf } from "../spec/find_network.ts";
import { type ModelInput, usualInput } from "../spec/infer_network.ts";
import { resolveOptimizer } from "../spec/optimizers.ts";
import { compiledSteps } from "./compiled_steps.ts";
import { drawDropout } from "./dropout.ts";
import { buildOptimizer } from "./optimizer.ts";
import { updateWeights } from "./update_weights.ts";

/** Names of the jobs that are timed. */
export const stepJobs = ["train", "pgd10"] as const;

/** What to time. */
export interface StepTimeOptions extends NetworkChoice {
  /** Its images, which are random; default 32x32x3 and ten classes. */
  input?: ModelInput | undefined;
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
  /**
   * Whether to run by plans, or on the tape of TensorFlow.js; default by plans
   * where the backend has them.
   */
  mode?: "compiled" | "tape" | undefined;
  /** Timed runs. */
  runs: number;
  /** Untimed jobs before those. */
  warmup: number;
  /** The opened backend. */
  backend: Pick<Backend, "settle" | "stepsInFlight">;
}

/** Wall times per job over the runs, in milliseconds. */
export interface StepTime {
  /** How the steps ran. */
  mode: "compiled" | "tape";
  /**
   * Jobs of each run, after which it waited for the backend: at most
   * `stepsInFlight`, as in training.
   */
  jobsPerRun: number;
  /** Median run. */
  medianMs: number;
  /** Fastest run. */
  minMs: number;
  /** Slowest run. */
  maxMs: number;
}

/**
 * Work of one run in milliseconds, where the backend takes that much at once:
 * Deno looks for the end of a device's work every 10 ms, so that a wait may be
 * that much too long.
 */
const RUN_MS = 200;

/**
 * Times one job of training, by which backends and kernels are compared. Each
 * run ends when the backend has finished its work. On a device, a run repeats the
 * job as often as training does before it waits, unless that takes longer than
 * 200 ms, and its time is divided by that number.
 *
 * @throws {BackendError} If the device fails.
 */
export async function timeSteps(options: StepTimeOptions): Promise<StepTime> {
  const { batch, job, runs, warmup, backend, mode } = options;
  const iterations = job === "pgd" ? options.iterations ?? 10 : 10;
  const { shape, classes } = options.input ?? usualInput;
  const stream = openStream(0, "split", "step-time");
  const pixels = drawEach(
    shape.reduce((a, b) => a * b, batch),
    () => stream.uniform(),
  );
  const classifier = buildClassifier(networkOf(options), {
    input: { shape, classes },
    seed: 0,
    images: { pixels: Uint8Array.from(pixels, (x) => 255 * x), rows: batch },
  });
  const isCompiled = mode !== "tape" &&
    (mode === "compiled" || compiledOf(classifier) !== undefined);
  const classify: Classify = isCompiled
    ? classifier.classify
    : (x) => classifier.logits(x);
  const sgd = resolveOptimizer("sgd", { weightDecay: 0 });
  const optimizer = buildOptimizer(sgd, classifier.weights);
  const images = tf.tensor4d(pixels, [batch, ...shape]);
  const oneHot = new Float32Array(batch * classes);
  for (let row = 0; row < batch; row++) {
    oneHot[row * classes + stream.below(classes)] = 1;
  }
  const labels = tf.tensor2d(oneHot, [batch, classes]);
  const factors = drawDropout(classifier.network, {
    seed: 0,
    step: 0,
    rows: batch,
  });
  const dropout = factors.map(({ shape, values }) =>
    tf.tensor(values, [...shape])
  );
  const attack = buildPgd({
    epsilon: 8 / 255,
    stepSize: 2 / 255,
    steps: iterations,
    randomStart: false,
  });
  const pgd = () => {
    const found = attack.perturb(classify, {
      images,
      labels,
      streamOf: () => stream,
    });
    tf.dispose([found.images, found.zeroGradients]);
  };
  const steps = isCompiled
    ? compiledSteps({ classifier, optimizer })
    : undefined;
  steps?.load({
    images: { pixels },
    labels: oneHot,
    dropout: factors,
    rows: batch,
  });
  const { learningRate } = sgd;
  const train = () => {
    if (steps !== undefined) {
      steps.beginEpoch(1);
      steps.update(learningRate);
      return;
    }
    const parts = { images, labels, dropout };
    updateWeights(classifier, optimizer, parts, learningRate).dispose();
  };
  const jobs: Record<typeof job, () => void> = {
    train,
    pgd,
    pgd10: pgd,
    evaluate: () => classify(images).dispose(),
  };
  const once = jobs[job];
  try {
    const timeRun = async (count: number) => {
      const started = performance.now();
      for (let i = 0; i < count; i++) once();
      await backend.settle();
      return performance.now() - started;
    };
    let fastest = Infinity;
    for (let run = 0; run < warmup; run++) {
      fastest = Math.min(fastest, await timeRun(1));
    }
    const jobsPerRun = fastest === Infinity
      ? 1
      : Math.min(Math.ceil(RUN_MS / fastest), backend.stepsInFlight);
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      times.push(await timeRun(jobsPerRun) / jobsPerRun);
    }
    times.sort((a, b) => a - b);
    return {
      mode: isCompiled ? "compiled" : "tape",
      jobsPerRun,
      medianMs: times[times.length >> 1]!,
      minMs: times[0]!,
      maxMs: times.at(-1)!,
    };
  } finally {
    steps?.dispose();
    optimizer.dispose();
    classifier.dispose();
    tf.dispose([images, labels, ...dropout]);
  }
}
