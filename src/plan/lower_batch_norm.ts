import type { TensorInfo } from "@tensorflow/tfjs";
import { valuesPerChannel } from "../kernels/common/moments.ts";
import type { Parameter } from "../spec/infer_network.ts";
import { type LayerLowering, record } from "./lowering.ts";

/**
 * Batch normalisation.
 *
 * @param options `relu`: whether relu follows.
 */
export function batchNorm(
  { relu }: { relu: boolean },
): LayerLowering<"batchNorm"> {
  return {
    kernels: () => [
      "DupbenchMoments",
      "DupbenchNormalise",
      "DupbenchNormaliseAffineGrad",
      "DupbenchNormaliseInputGrad",
      "DupbenchNormaliseSums",
      "DupbenchRunningMoments",
    ],
    lower({ layer, parameters }, x, lowering) {
      const { momentum, epsilon } = layer;
      const find = (kind: Parameter["kind"]) =>
        parameters.find((parameter) => parameter.kind === kind);
      const [scale, shift] = [find("scale"), find("shift")];
      const memoryOf = (parameter: Parameter | undefined) =>
        parameter && lowering.parameterOf(parameter);
      const runningMean = memoryOf(find("mean"))!;
      const runningVariance = memoryOf(find("variance"))!;
      let [mean, variance] = [runningMean, runningVariance];
      if (lowering.isTraining) {
        [mean, variance] = lowering.recorder.call("DupbenchMoments", {
          inputs: { x },
          attrs: {},
        }) as [TensorInfo, TensorInfo];
        const count = valuesPerChannel(x);
        lowering.recorder.call("DupbenchRunningMoments", {
          inputs: { runningMean, runningVariance, mean, variance },
          attrs: { momentum, count },
        }, { into: [runningMean, runningVariance] });
      }
      const inputs = {
        x,
        mean,
        variance,
        scale: memoryOf(scale),
        shift: memoryOf(shift),
      };
      const attrs = { epsilon, relu };
      const isTrained = lowering.takeGradient !== undefined &&
        [scale, shift].some((parameter) => parameter?.isTrained);
      return {
        output: record(lowering, "DupbenchNormalise", { inputs, attrs }),
        isTrained,
        backward(dy, needsInput) {
          let sums: TensorInfo[] = [];
          if (isTrained || (lowering.isTraining && needsInput)) {
            sums = lowering.recorder.call("DupbenchNormaliseSums", {
              inputs: { ...inputs, dy },
              attrs,
            });
          }
          const [dscale, dshift] = sums as [TensorInfo, TensorInfo];
          let dx: TensorInfo | undefined;
          if (needsInput) {
            dx = lowering.isTraining
              ? record(lowering, "DupbenchNormaliseInputGrad", {
                inputs: { ...inputs, dy, dscale, dshift },
                attrs,
              })
              : record(lowering, "DupbenchNormaliseAffineGrad", {
                inputs: { ...inputs, dy },
                attrs,
              });
          }
          if (isTrained) {
            if (scale?.isTrained) lowering.takeGradient!(scale, dscale);
            if (shift?.isTrained) lowering.takeGradient!(shift, dshift);
          }
          return dx;
        },
      };
    },
  };
}
