import type * as tf from "@tensorflow/tfjs";
import type { Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";
import { lowerNetwork } from "./lower_network.ts";
import {
  makeTensor,
  type Plan,
  type RecordedNetwork,
  watchParameters,
} from "./plan_memory.ts";

/** Class scores of a batch, and their gradients for the images. */
export interface LogitsPlan extends Plan {
  /**
   * Computes class scores, without dropout.
   *
   * @param images Shape `[b, h, w, c]`.
   * @returns Shape `[b, k]`; the caller disposes it.
   */
  forward(images: Tensor4D): Tensor2D;
  /**
   * Computes gradients for the images of the latest `forward`, once.
   *
   * @param dy Gradient for the scores, shape `[b, k]`.
   * @returns Shape `[b, h, w, c]`; the caller disposes it.
   */
  backward(dy: Tensor2D): Tensor4D;
}

/** Records the forward pass of a network and its gradient for the images. */
export function planLogits(
  network: RecordedNetwork,
  { batch }: { batch: number },
): LogitsPlan {
  const { inferred: { layers, input }, device } = network;
  const { shape: imageShape, classes } = input;
  const images = device.makeBuffer([batch, ...imageShape]);
  const scores = device.makeBuffer([batch, classes]);
  const slopes = device.makeBuffer([batch, classes]);
  const gradient = device.makeBuffer([batch, ...imageShape]);
  const { parameterOf, isCurrent } = watchParameters(network);
  const recorder = device.record();
  const copy = (x: tf.TensorInfo, to: tf.TensorInfo) =>
    recorder.call(
      "DupbenchScale",
      { inputs: { x }, attrs: { factor: 1, offset: 0 } },
      { into: [to] },
    );
  const lowered = lowerNetwork(layers, images, {
    recorder,
    has: device.has,
    parameterOf,
  });
  copy(lowered.output, scores);
  recorder.nextStage();
  copy(lowered.backward(slopes, true)!, gradient);
  const recording = recorder.finish();
  return {
    recording,
    isCurrent,
    forward(x) {
      device.copy({ from: x, to: images });
      const to = makeTensor<tf.Rank.R2>(device, scores.shape);
      recording.run({ stage: 0, copies: [{ from: scores, to }] });
      return to;
    },
    backward(dy) {
      device.copy({ from: dy, to: slopes });
      const to = makeTensor<tf.Rank.R4>(device, gradient.shape);
      recording.run({ stage: 1, copies: [{ from: gradient, to }] });
      return to;
    },
    dispose() {
      recording.dispose();
      [images, scores, slopes, gradient].forEach(device.freeBuffer);
    },
  };
}
