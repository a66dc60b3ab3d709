import { type LayerLowering, record } from "./lowering.ts";

/** Max pooling that is not part of a convolutional block. */
export const maxPool: LayerLowering<"maxPool"> = {
  kernels: () => ["MaxPool", "MaxPoolGrad"],
  lower({ layer: { size, stride } }, x, lowering) {
    const attrs = { filterSize: size, strides: stride!, pad: "valid" } as const;
    return {
      output: record(lowering, "MaxPool", { inputs: { x }, attrs }),
      isTrained: false,
      backward: (dy) =>
        record(lowering, "MaxPoolGrad", { inputs: { dy, input: x }, attrs }),
    };
  },
};
