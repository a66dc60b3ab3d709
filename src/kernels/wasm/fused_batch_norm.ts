import { type TensorInfo, util } from "@tensorflow/tfjs";
import { valuesPerChannel } from "../common/moments.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** Normalisation by one mean and variance per channel. */
export const fusedBatchNorm: WasmKernel<"FusedBatchNorm"> = {
  name: "FusedBatchNorm",
  accepts({ inputs: { x, mean, variance, scale, offset } }) {
    const isChannels = (values: TensorInfo | null | undefined) =>
      !values ||
      values.shape.length === 1 && values.shape[0] === x.shape.at(-1);
    return [mean, variance, scale, offset].every(isChannels);
  },
  run(host, { inputs, attrs: { varianceEpsilon } }) {
    const { x, mean, variance, scale, offset } = inputs;
    const channels = x.shape.at(-1)!;
    const y = host.output(x.shape);
    if (util.sizeFromShape(x.shape) === 0) return y;
    const work = host.scratch(channels * 4);
    host.kernels.normalise(
      host.address(x),
      valuesPerChannel(x),
      channels,
      host.address(mean),
      host.address(variance),
      scale ? host.address(scale) : 0,
      offset ? host.address(offset) : 0,
      varianceEpsilon,
      false,
      host.address(y),
      work,
    );
    return y;
  },
};
