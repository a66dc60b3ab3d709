import { type TensorInfo, util } from "@tensorflow/tfjs";
import type {
  AdamStepOptions,
  KernelCall,
  SgdStepOptions,
} from "../common/kernel.ts";
import { runPairwise } from "./elementwise.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** One step of an L-infinity attack in one pass. */
export const linfStep: WasmKernel<"DupbenchLinfStep"> = {
  name: "DupbenchLinfStep",
  run(host, { inputs: { current, gradient, original }, attrs }) {
    const { epsilon, stepSize, lowest = 0 } = attrs;
    const next = host.output(current.shape);
    host.kernels.linfStep(
      host.address(current),
      host.address(gradient),
      host.address(original),
      util.sizeFromShape(current.shape),
      epsilon,
      stepSize,
      lowest,
      1,
      host.address(next),
    );
    return next;
  },
};

/** One step of SGD with momentum in one pass: weight, velocity. */
export const sgdStep: WasmKernel<"DupbenchSgdStep"> = {
  name: "DupbenchSgdStep",
  run: (host, call) => runSgdStep(host, "sgdStep", call),
};

/** One step of SGD with Nesterov's momentum in one pass: weight, velocity. */
export const nesterovStep: WasmKernel<"DupbenchNesterovStep"> = {
  name: "DupbenchNesterovStep",
  run: (host, call) => runSgdStep(host, "nesterovStep", call),
};

function runSgdStep(
  host: KernelHost,
  step: "sgdStep" | "nesterovStep",
  { inputs: { weight, velocity, gradient }, attrs }: {
    inputs: KernelCall<"DupbenchSgdStep">["inputs"];
    attrs: SgdStepOptions;
  },
): TensorInfo[] {
  const { learningRate, momentum, weightDecay } = attrs;
  const outputs = [host.output(weight.shape), host.output(weight.shape)];
  const [nextWeight, nextVelocity] = outputs.map(host.address);
  host.kernels[step](
    host.address(weight),
    host.address(velocity),
    host.address(gradient),
    util.sizeFromShape(weight.shape),
    learningRate,
    momentum,
    weightDecay,
    nextWeight!,
    nextVelocity!,
  );
  return outputs;
}

/** One step of Adam in one pass: weight, mean, square. */
export const adamStep: WasmKernel<"DupbenchAdamStep"> = {
  name: "DupbenchAdamStep",
  run: (host, { inputs, attrs: { weightDecay, ...attrs } }) =>
    runAdamStep(host, "adamStep", { inputs, attrs, decay: weightDecay }),
};

/** One step of AdamW in one pass: weight, mean, square. */
export const adamwStep: WasmKernel<"DupbenchAdamwStep"> = {
  name: "DupbenchAdamwStep",
  run: (host, { inputs, attrs: { kept, ...attrs } }) =>
    runAdamStep(host, "adamwStep", { inputs, attrs, decay: kept }),
};

function runAdamStep(
  host: KernelHost,
  step: "adamStep" | "adamwStep",
  { inputs: { weight, mean, square, gradient }, attrs, decay }: {
    inputs: KernelCall<"DupbenchAdamStep">["inputs"];
    attrs: Omit<AdamStepOptions, "weightDecay">;
    /** Weight decay, or what it leaves. */
    decay: number;
  },
): TensorInfo[] {
  const { rate, root, beta1, beta2, epsilon } = attrs;
  const outputs = [0, 1, 2].map(() => host.output(weight.shape));
  const [nextWeight, nextMean, nextSquare] = outputs.map(host.address);
  host.kernels[step](
    host.address(weight),
    host.address(mean),
    host.address(square),
    host.address(gradient),
    util.sizeFromShape(weight.shape),
    rate,
    root,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    epsilon,
    decay,
    nextWeight!,
    nextMean!,
    nextSquare!,
  );
  return outputs;
}

/** One step of a running average in one pass. */
export const moveAverage: WasmKernel<"DupbenchMoveAverage"> = {
  name: "DupbenchMoveAverage",
  run(host, { inputs: { average, value }, attrs: { share } }) {
    const next = host.output(average.shape);
    host.kernels.moveAverage(
      host.address(average),
      host.address(value),
      util.sizeFromShape(average.shape),
      share,
      1,
      host.address(next),
    );
    return next;
  },
};

/** Gradient of relu in one pass. */
export const reluGrad: WasmKernel<"DupbenchReluGrad"> = {
  name: "DupbenchReluGrad",
  run: (host, { inputs: { dy, x } }) => runPairwise(host, "reluGrad", [dy, x]),
};

/** Softmax cross-entropy of rows in one pass: losses, gradients for logits. */
export const softmaxCrossEntropy: WasmKernel<"DupbenchSoftmaxCrossEntropy"> = {
  name: "DupbenchSoftmaxCrossEntropy",
  run(host, { inputs: { logits, labels } }) {
    const [rows, columns] = logits.shape as [number, number];
    const outputs = [host.output([rows]), host.output([rows, columns])];
    const [losses, gradients] = outputs.map(host.address);
    const work = host.scratch(columns * 8);
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
