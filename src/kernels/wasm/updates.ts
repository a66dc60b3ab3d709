import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { TrainingKernel } from "./training_kernel.ts";

/** One step of an L-infinity attack in one pass. */
export const linfStep: TrainingKernel = {
  name: "DupbenchLinfStep",
  run(host, { inputs, attrs }) {
    const { current, gradient, original } = inputs as Record<
      "current" | "gradient" | "original",
      TensorInfo
    >;
    const { epsilon, stepSize } = attrs as {
      epsilon: number;
      stepSize: number;
    };
    const next = host.output(current.shape);
    host.kernels.linfStep(
      host.address(current),
      host.address(gradient),
      host.address(original),
      util.sizeFromShape(current.shape),
      epsilon,
      stepSize,
      1,
      host.address(next),
    );
    return next;
  },
};

/** One step of SGD with momentum in one pass: weight, velocity. */
export const sgdStep: TrainingKernel = {
  name: "DupbenchSgdStep",
  run(host, { inputs, attrs }) {
    const { weight, velocity, gradient } = inputs as Record<
      "weight" | "velocity" | "gradient",
      TensorInfo
    >;
    const { learningRate, momentum, weightDecay } = attrs as Record<
      string,
      number
    >;
    const outputs = [host.output(weight.shape), host.output(weight.shape)];
    const [nextWeight, nextVelocity] = outputs.map(host.address);
    host.kernels.sgdStep(
      host.address(weight),
      host.address(velocity),
      host.address(gradient),
      util.sizeFromShape(weight.shape),
      learningRate!,
      momentum!,
      weightDecay!,
      nextWeight!,
      nextVelocity!,
    );
    return outputs;
  },
};

/** One step of Adam in one pass: weight, mean, square. */
export const adamStep: TrainingKernel = {
  name: "DupbenchAdamStep",
  run(host, { inputs, attrs }) {
    const { weight, mean, square, gradient } = inputs as Record<
      "weight" | "mean" | "square" | "gradient",
      TensorInfo
    >;
    const { rate, root, beta1, beta2, epsilon, weightDecay } = attrs as Record<
      string,
      number
    >;
    const outputs = [0, 1, 2].map(() => host.output(weight.shape));
    const [nextWeight, nextMean, nextSquare] = outputs.map(host.address);
    host.kernels.adamStep(
      host.address(weight),
      host.address(mean),
      host.address(square),
      host.address(gradient),
      util.sizeFromShape(weight.shape),
      rate!,
      root!,
      beta1!,
      1 - beta1!,
      beta2!,
      1 - beta2!,
      epsilon!,
      weightDecay!,
      nextWeight!,
      nextMean!,
      nextSquare!,
    );
    return outputs;
  },
};

/** Gradient of relu in one pass. */
export const reluGrad: TrainingKernel = {
  name: "DupbenchReluGrad",
  run(host, { inputs }) {
    const { dy, x } = inputs as Record<"dy" | "x", TensorInfo>;
    const dx = host.output(x.shape);
    host.kernels.reluGrad(
      host.address(dy),
      host.address(x),
      util.sizeFromShape(x.shape),
      host.address(dx),
    );
    return dx;
  },
};

/** Softmax cross-entropy of rows in one pass: losses, gradients for logits. */
export const softmaxCrossEntropy: TrainingKernel = {
  name: "DupbenchSoftmaxCrossEntropy",
  run(host, { inputs }) {
    const { logits, labels } = inputs as Record<
      "logits" | "labels",
      TensorInfo
    >;
    const [rows, columns] = logits.shape as [number, number];
    const outputs = [host.output([rows]), host.output([rows, columns])];
    const [losses, gradients] = outputs.map(host.address);
    const [work] = host.scratch(columns * 8) as [number];
    host.kernels.crossEntropy(
      host.address(logits),
      host.address(labels),
      rows,
      columns,
      losses!,
      gradients!,
      work,
    );
    return outputs;
  },
};
