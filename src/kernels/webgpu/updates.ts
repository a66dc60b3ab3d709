import type { TensorInfo } from "@tensorflow/tfjs";
import type { AdamStepOptions, KernelCall } from "../common/kernel.ts";
import { elementwise } from "./elementwise.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";

/** One step of an L-infinity attack in one pass. */
export const linfStep: WebgpuKernel<"DupbenchLinfStep"> = {
  name: "DupbenchLinfStep",
  run(host, { inputs: { current, gradient, original }, attrs }) {
    const { epsilon, stepSize, lowest = 0 } = attrs;
    const next = host.output(current.shape);
    elementwise(host, {
      key: "linfStep",
      inputs: { current, gradient, original },
      outputs: { next },
      floats: { epsilon, stepSize, lowest },
      code: `
fn element(i : i32) {
  let centre = original[i];
  let radius = Value(uniforms.epsilon);
  let moved = current[i] + sign(gradient[i]) * uniforms.stepSize;
  let shift = clamp(moved - centre, -radius, radius);
  let inside = clamp(centre + shift, Value(uniforms.lowest), Value(1.0));
  next[i] = select(inside, gradient[i], isNan(gradient[i]));
}`,
    });
    return next;
  },
};

/** One step of SGD with momentum in one pass: weight, velocity. */
export const sgdStep: WebgpuKernel<"DupbenchSgdStep"> = {
  name: "DupbenchSgdStep",
  run(host, { inputs: { weight, velocity, gradient }, attrs }) {
    const { learningRate, momentum, weightDecay } = attrs;
    const { shape } = weight;
    const [nextWeight, nextVelocity] = [host.output(shape), host.output(shape)];
    elementwise(host, {
      key: "sgdStep",
      inputs: { weight, velocity, gradient },
      outputs: { nextWeight, nextVelocity },
      floats: { learningRate, momentum, weightDecay },
      code: `
fn element(i : i32) {
  let w = weight[i];
  let decayed = gradient[i] + w * uniforms.weightDecay;
  let v = velocity[i] * uniforms.momentum + decayed;
  nextVelocity[i] = v;
  nextWeight[i] = w - v * uniforms.learningRate;
}`,
    });
    return [nextWeight, nextVelocity];
  },
};

/** One step of SGD with Nesterov's momentum in one pass: weight, velocity. */
export const nesterovStep: WebgpuKernel<"DupbenchNesterovStep"> = {
  name: "DupbenchNesterovStep",
  run(host, { inputs: { weight, velocity, gradient }, attrs }) {
    const { learningRate, momentum, weightDecay } = attrs;
    const { shape } = weight;
    const [nextWeight, nextVelocity] = [host.output(shape), host.output(shape)];
    elementwise(host, {
      key: "nesterovStep",
      inputs: { weight, velocity, gradient },
      outputs: { nextWeight, nextVelocity },
      floats: { learningRate, momentum, weightDecay },
      code: `
fn element(i : i32) {
  let w = weight[i];
  let decayed = gradient[i] + w * uniforms.weightDecay;
  let v = velocity[i] * uniforms.momentum + decayed;
  let ahead = decayed + v * uniforms.momentum;
  nextVelocity[i] = v;
  nextWeight[i] = w - ahead * uniforms.learningRate;
}`,
    });
    return [nextWeight, nextVelocity];
  },
};

/** One step of Adam in one pass: weight, mean, square. */
export const adamStep: WebgpuKernel<"DupbenchAdamStep"> = {
  name: "DupbenchAdamStep",
  run: (host, { inputs, attrs: { weightDecay, ...attrs } }) =>
    runAdamStep(host, {
      key: "adamStep",
      inputs,
      attrs,
      decay: { weightDecay },
      gradient: "gradient[i] + weight[i] * uniforms.weightDecay",
      kept: "weight[i]",
    }),
};

/** One step of AdamW in one pass: weight, mean, square. */
export const adamwStep: WebgpuKernel<"DupbenchAdamwStep"> = {
  name: "DupbenchAdamwStep",
  run: (host, { inputs, attrs: { kept, ...attrs } }) =>
    runAdamStep(host, {
      key: "adamwStep",
      inputs,
      attrs,
      decay: { kept },
      gradient: "gradient[i]",
      kept: "weight[i] * uniforms.kept",
    }),
};

function runAdamStep(
  host: KernelHost,
  { key, inputs, attrs, decay, gradient, kept }: {
    key: string;
    inputs: KernelCall<"DupbenchAdamStep">["inputs"];
    attrs: Omit<AdamStepOptions, "weightDecay">;
    /** The number of the weight decay, by its name in the code. */
    decay: Readonly<Record<string, number>>;
    /** Code of the gradient that mean and square follow. */
    gradient: string;
    /** Code of the weight from which the step is taken. */
    kept: string;
  },
): TensorInfo[] {
  const { rate, root, beta1, beta2, epsilon } = attrs;
  const { shape } = inputs.weight;
  const [nextWeight, nextMean, nextSquare] = [
    host.output(shape),
    host.output(shape),
    host.output(shape),
  ];
  elementwise(host, {
    key,
    inputs: { ...inputs },
    outputs: { nextWeight, nextMean, nextSquare },
    floats: {
      rate,
      root,
      beta1,
      // In float32, 1 - 0.999 is off by 1e-5 of itself.
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
      ...decay,
    },
    code: `
fn element(i : i32) {
  let g = ${gradient};
  let m = mean[i] * uniforms.beta1 + g * uniforms.rest1;
  let s = square[i] * uniforms.beta2 + g * g * uniforms.rest2;
  nextMean[i] = m;
  nextSquare[i] = s;
  let scale = sqrt(s) / uniforms.root + uniforms.epsilon;
  nextWeight[i] = ${kept} - m / scale * uniforms.rate;
}`,
  });
  return [nextWeight, nextMean, nextSquare];
}

/** One step of a running average in one pass. */
export const moveAverage: WebgpuKernel<"DupbenchMoveAverage"> = {
  name: "DupbenchMoveAverage",
  run(host, { inputs: { average, value }, attrs: { share } }) {
    const next = host.output(average.shape);
    elementwise(host, {
      key: "moveAverage",
      inputs: { average, value },
      outputs: { next },
      floats: { share },
      // In float32, 1 - share would be off by much of a small share.
      code: `
fn element(i : i32) {
  next[i] = average[i] + (value[i] - average[i]) * uniforms.share;
}`,
    });
    return next;
  },
};

/** Gradient of relu in one pass. */
export const reluGrad: WebgpuKernel<"DupbenchReluGrad"> = {
  name: "DupbenchReluGrad",
  run(host, { inputs: { dy, x } }) {
    const dx = host.output(x.shape);
    elementwise(host, {
      key: "reluGrad",
      inputs: { dy, x },
      outputs: { dx },
      code: `
fn element(i : i32) {
  let passed = select(Value(), dy[i], x[i] > Value());
  dx[i] = select(passed, x[i], isNan(x[i]));
}`,
    });
    return dx;
  },
};
