import type * as tf from "@tensorflow/tfjs";
import type { Recorder } from "../kernels/common/recorder.ts";
import type { Parameter } from "../spec/infer_network.ts";
import { lowerNetwork } from "./lower_network.ts";
import {
  type Plan,
  type RecordedNetwork,
  watchParameters,
} from "./plan_memory.ts";

/** One gradient step on the mean cross-entropy of a batch. */
export interface TrainingPlan extends Plan {
  /** Where the pixels go, shape `[b, h, w, c]`. */
  readonly images: tf.TensorInfo;
  /** Where the weights of the classes go, shape `[b, k]`. */
  readonly labels: tf.TensorInfo;
  /** Where the factors of each dropout layer go, shape `[b, ...]`. */
  readonly dropout: readonly tf.TensorInfo[];
  /** The mean loss before the latest step. */
  readonly loss: tf.TensorInfo;
}

/** What a training step is recorded for. */
export interface TrainingPlanOptions {
  /** Images of a batch. */
  readonly batch: number;
  /** Records the update of one parameter in place. */
  recordUpdate(
    recorder: Recorder,
    parameter: Parameter,
    gradient: tf.TensorInfo,
  ): void;
  /** Records what follows all updates. */
  recordEnd?(recorder: Recorder): void;
}

/** Records forward pass, loss, gradients and update of a training step. */
export function planTraining(
  network: RecordedNetwork,
  { batch, recordUpdate, recordEnd }: TrainingPlanOptions,
): TrainingPlan {
  const { inferred: { layers, input, dropouts }, device } = network;
  const { shape: imageShape, classes } = input;
  const images = device.makeBuffer([batch, ...imageShape]);
  const labels = device.makeBuffer([batch, classes]);
  const loss = device.makeBuffer([]);
  const dropout = dropouts.map(({ shape }) =>
    device.makeBuffer([batch, ...shape])
  );
  const factors = dropout.values();
  const { parameterOf, isCurrent } = watchParameters(network);
  const recorder = device.record();
  const lowered = lowerNetwork(layers, images, {
    recorder,
    has: device.has,
    parameterOf,
    isTraining: true,
    takeFactors: () => factors.next().value!,
    takeGradient: (parameter, gradient) =>
      recordUpdate(recorder, parameter, gradient),
  });
  const [losses, slopes] = recorder.call("DupbenchSoftmaxCrossEntropy", {
    inputs: { logits: lowered.output, labels },
    attrs: {},
  });
  recorder.call(
    "DupbenchMean",
    { inputs: { x: losses! }, attrs: {} },
    { into: [loss] },
  );
  const [slope] = recorder.call("DupbenchScale", {
    inputs: { x: slopes! },
    attrs: { factor: Math.fround(1 / batch), offset: 0 },
  });
  lowered.backward(slope!, false);
  recordEnd?.(recorder);
  const recording = recorder.finish();
  return {
    images,
    labels,
    dropout,
    loss,
    recording,
    isCurrent,
    dispose() {
      recording.dispose();
      [images, labels, loss, ...dropout].forEach(device.freeBuffer);
    },
  };
}
