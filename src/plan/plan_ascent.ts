import type * as tf from "@tensorflow/tfjs";
import type { Scalar, Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";
import { lowerNetwork } from "./lower_network.ts";
import {
  makeTensor,
  type Plan,
  type RecordedNetwork,
  watchParameters,
} from "./plan_memory.ts";

/** Projected gradient ascent on the cross-entropy in an L-infinity ball. */
export interface AscentOptions {
  /** Radius of the ball, in pixel units. */
  readonly epsilon: number;
  /** Length of a step, in pixel units. */
  readonly stepSize: number;
  /** Steps, at least 1. */
  readonly steps: number;
  /** Smallest pixel after a step, in `[0, 1)`. */
  readonly lowest: number;
}

/** The images from which an ascent starts. */
export interface AscentBatch {
  /** Pixels in `[0, 1]`, shape `[b, h, w, c]`: the centre of the ball. */
  readonly images: Tensor4D;
  /** Weights of the classes in the loss, shape `[b, k]`. */
  readonly labels: Tensor2D;
  /** Added to the images at the start, as many numbers; default none. */
  readonly noise?: Float32Array | undefined;
}

/** The result of an ascent; the caller disposes both tensors. */
export interface AscentResult {
  /** Pixels, shape `[b, h, w, c]`. */
  readonly images: Tensor4D;
  /** Images with a gradient of all zeros at the start, a scalar. */
  readonly zeroGradients: Scalar;
}

/** A whole ascent. */
export interface AscentPlan extends Plan {
  /** Computes it for one batch. */
  ascend(batch: AscentBatch): AscentResult;
}

/** Records all steps of an ascent. */
export function planAscent(
  network: RecordedNetwork,
  { batch, hasNoise, options: { epsilon, stepSize, steps, lowest } }: {
    batch: number;
    hasNoise: boolean;
    options: AscentOptions;
  },
): AscentPlan {
  const { inferred: { layers, input }, device } = network;
  const { shape: imageShape, classes } = input;
  const shape: [number, number, number, number] = [batch, ...imageShape];
  const original = device.makeBuffer(shape);
  const current = device.makeBuffer(shape);
  const labels = device.makeBuffer([batch, classes]);
  const zeroGradients = device.makeBuffer([]);
  const noise = hasNoise ? device.makeBuffer(shape) : undefined;
  const { parameterOf, isCurrent } = watchParameters(network);
  const recorder = device.record();
  const slopeAt = (x: tf.TensorInfo): tf.TensorInfo => {
    const lowered = lowerNetwork(layers, x, {
      recorder,
      has: device.has,
      parameterOf,
    });
    const logits = lowered.output;
    const [, slope] = recorder.call("DupbenchSoftmaxCrossEntropy", {
      inputs: { logits, labels },
      attrs: {},
    });
    return lowered.backward(slope!, true)!;
  };
  const move = (from: tf.TensorInfo, gradient: tf.TensorInfo) =>
    recorder.call("DupbenchLinfStep", {
      inputs: { current: from, gradient, original },
      attrs: { epsilon, stepSize, lowest },
    }, { into: [current] });
  if (noise !== undefined) {
    const [moved] = recorder.call("DupbenchAdd", {
      inputs: { a: original, b: noise },
      attrs: {},
    });
    // A step of length 0 projects.
    recorder.call("DupbenchLinfStep", {
      inputs: { current: moved!, gradient: noise, original },
      attrs: { epsilon, stepSize: 0 },
    }, { into: [current] });
  }
  const start = noise === undefined ? original : current;
  const firstSlope = slopeAt(start);
  recorder.call(
    "DupbenchCountZeroRows",
    { inputs: { x: firstSlope }, attrs: {} },
    { into: [zeroGradients] },
  );
  move(start, firstSlope);
  recorder.repeat(steps - 1, () => void move(current, slopeAt(current)));
  const recording = recorder.finish();
  return {
    recording,
    isCurrent,
    ascend(found) {
      // Before what has to wait for an encoder, which a write submits.
      if (noise !== undefined) device.write(noise, found.noise!);
      device.copy({ from: found.images, to: original });
      device.copy({ from: found.labels, to: labels });
      const result = {
        images: makeTensor<tf.Rank.R4>(device, shape),
        zeroGradients: makeTensor<tf.Rank.R0>(device, []),
      };
      recording.run({
        copies: [
          { from: current, to: result.images },
          { from: zeroGradients, to: result.zeroGradients },
        ],
      });
      return result;
    },
    dispose() {
      recording.dispose();
      [original, current, labels, zeroGradients, noise]
        .forEach((buffer) => buffer && device.freeBuffer(buffer));
    },
  };
}
