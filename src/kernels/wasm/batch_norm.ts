import type { KernelCall } from "../common/kernel.ts";
import {
  countForMoments,
  unbiasedFactor,
  valuesPerChannel,
} from "../common/moments.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

type Normalised = Pick<KernelCall<"DupbenchNormalise">, "inputs">;

/** Mean and biased variance of each channel. */
export const moments: WasmKernel<"DupbenchMoments"> = {
  name: "DupbenchMoments",
  run(host, { inputs: { x } }) {
    const rows = countForMoments(x);
    const channels = x.shape.at(-1)!;
    const outputs = [host.output([channels]), host.output([channels])];
    const [mean, variance] = outputs.map(host.address);
    const work = host.scratch(channels * 16 + 8);
    const from = host.address(x);
    host.kernels.moments(from, rows, channels, mean!, variance!, work);
    return outputs;
  },
};

/** Running mean and variance after a batch; the variance is unbiased. */
export const runningMoments: WasmKernel<"DupbenchRunningMoments"> = {
  name: "DupbenchRunningMoments",
  run(host, { inputs, attrs: { momentum, count } }) {
    const { runningMean, runningVariance, mean, variance } = inputs;
    const size = mean.shape[0]!;
    const share = count === 0 ? 0 : momentum;
    const move = (
      running: typeof mean,
      value: typeof mean,
      factor: number,
    ) => {
      const next = host.output([size]);
      host.kernels.moveAverage(
        host.address(running),
        host.address(value),
        size,
        share,
        factor,
        host.address(next),
      );
      return next;
    };
    return [
      move(runningMean, mean, 1),
      move(runningVariance, variance, count === 0 ? 1 : unbiasedFactor(count)),
    ];
  },
};

/** Normalisation of each channel, scale, shift and relu in one pass. */
export const normalise: WasmKernel<"DupbenchNormalise"> = {
  name: "DupbenchNormalise",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x } = inputs;
    const channels = x.shape.at(-1)!;
    const y = host.output(x.shape);
    const work = host.scratch(channels * 4);
    host.kernels.normalise(
      host.address(x),
      valuesPerChannel(x),
      channels,
      ...statistics(host, { inputs }),
      epsilon,
      relu,
      host.address(y),
      work,
    );
    return y;
  },
};

/** Its gradients for scale and shift. */
export const normaliseSums: WasmKernel<"DupbenchNormaliseSums"> = {
  name: "DupbenchNormaliseSums",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x, dy } = inputs;
    const channels = x.shape.at(-1)!;
    const outputs = [host.output([channels]), host.output([channels])];
    const [dscale, dshift] = outputs.map(host.address);
    const work = host.scratch(channels * 24 + 16);
    host.kernels.normaliseSums(
      host.address(dy),
      host.address(x),
      valuesPerChannel(x),
      channels,
      ...statistics(host, { inputs }),
      epsilon,
      relu,
      dscale!,
      dshift!,
      work,
    );
    return outputs;
  },
};

/** Its gradient for the images in training mode. */
export const normaliseInputGrad: WasmKernel<"DupbenchNormaliseInputGrad"> = {
  name: "DupbenchNormaliseInputGrad",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x, dy, dscale, dshift } = inputs;
    const channels = x.shape.at(-1)!;
    const dx = host.output(x.shape);
    const work = host.scratch(channels * 12);
    host.kernels.normaliseInputGrad(
      host.address(dy),
      host.address(x),
      valuesPerChannel(x),
      channels,
      ...statistics(host, { inputs }),
      host.address(dscale),
      host.address(dshift),
      epsilon,
      relu,
      host.address(dx),
      work,
    );
    return dx;
  },
};

/** Its gradient for the images in evaluation mode. */
export const normaliseAffineGrad: WasmKernel<"DupbenchNormaliseAffineGrad"> = {
  name: "DupbenchNormaliseAffineGrad",
  run(host, { inputs, attrs: { epsilon, relu } }) {
    const { x, dy } = inputs;
    const channels = x.shape.at(-1)!;
    const dx = host.output(x.shape);
    const work = host.scratch(channels * 4);
    host.kernels.affineInputGrad(
      host.address(dy),
      host.address(x),
      valuesPerChannel(x),
      channels,
      ...statistics(host, { inputs }),
      epsilon,
      relu,
      host.address(dx),
      work,
    );
    return dx;
  },
};

/** Addresses of mean, variance, scale and shift; 0 where absent. */
function statistics(
  host: KernelHost,
  { inputs: { mean, variance, scale, shift } }: Normalised,
) {
  return [
    host.address(mean),
    host.address(variance),
    scale ? host.address(scale) : 0,
    shift ? host.address(shift) : 0,
  ] as const;
}
