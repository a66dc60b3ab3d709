import type { TensorInfo } from "@tensorflow/tfjs";
import { type LayerLowering, record } from "./lowering.ts";

type Shape4D = [number, number, number, number];

/** Largest window of which the winners can be noted, in pixels. */
const LARGEST_NOTED = 255;

/** Max pooling that is not part of a convolutional block. */
export const maxPool: LayerLowering<"maxPool"> = {
  kernels: ({ layer: { size } }) =>
    size * size <= LARGEST_NOTED
      ? ["DupbenchMaxPool", "DupbenchMaxPoolGrad"]
      : ["MaxPool", "MaxPoolGrad"],
  lower({ layer: { size, stride } }, x, lowering) {
    const attrs = { filterSize: size, strides: stride!, pad: "valid" } as const;
    if (size * size > LARGEST_NOTED) {
      return {
        output: record(lowering, "MaxPool", { inputs: { x }, attrs }),
        isTrained: false,
        backward: (dy) =>
          record(lowering, "MaxPoolGrad", { inputs: { dy, input: x }, attrs }),
      };
    }
    const [output, winners] = lowering.recorder.call("DupbenchMaxPool", {
      inputs: { x },
      attrs,
    }) as [TensorInfo, TensorInfo];
    const inputShape = x.shape as Shape4D;
    return {
      output,
      isTrained: false,
      backward: (dy) =>
        record(lowering, "DupbenchMaxPoolGrad", {
          inputs: { dy, winners },
          attrs: { ...attrs, inputShape },
        }),
    };
  },
};

/** Average pooling. */
export const avgPool: LayerLowering<"avgPool"> = {
  kernels: () => ["AvgPool", "AvgPoolGrad"],
  lower({ layer: { size, stride } }, x, lowering) {
    const attrs = { filterSize: size, strides: stride!, pad: "valid" } as const;
    return {
      output: record(lowering, "AvgPool", { inputs: { x }, attrs }),
      isTrained: false,
      backward: (dy) =>
        record(lowering, "AvgPoolGrad", { inputs: { dy, input: x }, attrs }),
    };
  },
};

/** The mean over all pixels. */
export const globalAvgPool: LayerLowering<"globalAvgPool"> = {
  kernels: () => ["DupbenchGlobalAvgPool", "DupbenchGlobalAvgPoolGrad"],
  lower(_, x, lowering) {
    const inputShape = x.shape as Shape4D;
    return {
      output: record(lowering, "DupbenchGlobalAvgPool", {
        inputs: { x },
        attrs: {},
      }),
      isTrained: false,
      backward: (dy) =>
        record(lowering, "DupbenchGlobalAvgPoolGrad", {
          inputs: { dy },
          attrs: { inputShape },
        }),
    };
  },
};
