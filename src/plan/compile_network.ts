import * as tf from "@tensorflow/tfjs";
import { recordingBackend } from "../kernels/common/recorder.ts";
import type { KernelName } from "../kernels/common/kernel.ts";
import type { Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";
import { findUnsupported } from "./lower_network.ts";
import {
  type AscentBatch,
  type AscentOptions,
  type AscentResult,
  planAscent,
} from "./plan_ascent.ts";
import { planLogits } from "./plan_logits.ts";
import type { Plan, RecordedNetwork } from "./plan_memory.ts";
import {
  planTraining,
  type TrainingPlan,
  type TrainingPlanOptions,
} from "./plan_training.ts";

/** A network whose jobs are recorded once for each batch size. */
export interface CompiledNetwork {
  /** The network, as it is recorded. */
  readonly network: RecordedNetwork;
  /**
   * Class scores, differentiable for the images, without dropout.
   *
   * @param images Shape `[b, h, w, c]`, float32.
   * @returns Shape `[b, k]`; the caller disposes it.
   * @throws {RangeError} If the images have another shape or type than the network
   * is for.
   */
  logits(images: Tensor4D): Tensor2D;
  /** A whole projected ascent. */
  ascend(batch: AscentBatch, options: AscentOptions): AscentResult;
  /** Records a training step; the caller disposes the plan. */
  planTraining(options: TrainingPlanOptions): TrainingPlan;
  /** Frees the plans that are kept. */
  dispose(): void;
}

/**
 * Plans that are kept. Attacks that leave images out as they go have many batch
 * sizes, and each plan has memory of its own.
 */
const KEPT_PLANS = 6;

/** Kernels that all jobs need. */
const jobKernels: readonly KernelName[] = [
  "DupbenchAdd",
  "DupbenchCountZeroRows",
  "DupbenchLinfStep",
  "DupbenchMean",
  "DupbenchScale",
  "DupbenchSoftmaxCrossEntropy",
];

/**
 * Compiles a network for the backend in use. Nothing is recorded until a job
 * needs it.
 *
 * @returns The compiled network; or what keeps it from being compiled, such as
 * `the backend "cpu"` or `layer 3 (avgPool)`.
 */
export function compileNetwork(
  network: Omit<RecordedNetwork, "device">,
): CompiledNetwork | string {
  const device = recordingBackend();
  if (device === undefined || !jobKernels.every(device.has)) {
    return `the backend "${tf.getBackend()}"`;
  }
  const unsupported = findUnsupported(
    network.inferred.layers,
    device.has,
  );
  if (unsupported !== undefined) return unsupported.place;
  return openPlans({ ...network, device });
}

function openPlans(network: RecordedNetwork): CompiledNetwork {
  const kept = new Map<string, Plan>();
  /** Which forward pass is the latest of each logits plan. */
  const latest = new WeakMap<Plan, object>();

  function find<T extends Plan>(key: string, plan: () => T): T {
    let found = kept.get(key) as T | undefined;
    kept.delete(key);
    if (found?.isCurrent() === false) {
      found.dispose();
      found = undefined;
    }
    if (found === undefined && kept.size >= KEPT_PLANS) {
      const [oldest, { dispose }] = kept.entries().next().value!;
      dispose();
      kept.delete(oldest);
    }
    found ??= plan();
    kept.set(key, found);
    return found;
  }

  const logitsOf = (batch: number) =>
    find(`logits ${batch}`, () => planLogits(network, { batch }));

  const logits = tf.customGrad((images, save) => {
    const batch = (images as Tensor4D).shape[0];
    const plan = logitsOf(batch);
    const value = plan.forward(images as Tensor4D);
    const pass = {};
    latest.set(plan, pass);
    (save as tf.GradSaveFunc)([images as Tensor4D]);
    return {
      value,
      gradFunc(dy, [saved]) {
        const plan = logitsOf(batch);
        // Another pass has replaced the activations.
        if (latest.get(plan) !== pass) {
          plan.forward(saved as Tensor4D).dispose();
        }
        latest.delete(plan);
        return plan.backward(dy as Tensor2D);
      },
    };
  });

  return {
    network,
    logits: (images) => logits(images) as Tensor2D,
    ascend(batch, options) {
      const rows = batch.images.shape[0];
      const hasNoise = batch.noise !== undefined;
      const { epsilon, stepSize, steps, lowest } = options;
      const key = ["ascent", rows, hasNoise, epsilon, stepSize, steps, lowest];
      const plan = find(
        key.join(" "),
        () => planAscent(network, { batch: rows, hasNoise, options }),
      );
      if (batch.labels.dtype === "float32") return plan.ascend(batch);
      // `tf.oneHot` gives int32.
      const labels = tf.cast(batch.labels, "float32");
      const result = plan.ascend({ ...batch, labels });
      labels.dispose();
      return result;
    },
    planTraining: (options) => planTraining(network, options),
    dispose() {
      for (const plan of kept.values()) plan.dispose();
      kept.clear();
    },
  };
}
