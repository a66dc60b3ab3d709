import { type LayerLowering, passRelu, record } from "./lowering.ts";

/** A relu that follows a layer with which it is not fused. */
export const relu: LayerLowering<"relu"> = {
  kernels: () => ["DupbenchReluGrad"],
  lower(_, x, lowering) {
    // What relu gives is what its gradient lets pass of the values themselves.
    const output = passRelu(lowering, { dy: x, y: x, relu: true });
    return {
      output,
      isTrained: false,
      backward: (dy) => passRelu(lowering, { dy, y: output, relu: true }),
    };
  },
};

/** A factor and a number added. */
export const scale: LayerLowering<"scale"> = {
  kernels: () => ["DupbenchScale"],
  lower({ layer: { factor, offset } }, x, lowering) {
    return {
      output: record(lowering, "DupbenchScale", {
        inputs: { x },
        attrs: { factor, offset },
      }),
      isTrained: false,
      backward: (dy) =>
        record(lowering, "DupbenchScale", {
          inputs: { x: dy },
          attrs: { factor, offset: 0 },
        }),
    };
  },
};

/** Dropout, with factors that are drawn outside; nothing without them. */
export const dropout: LayerLowering<"dropout"> = {
  kernels: () => ["DupbenchMultiply"],
  lower({ layer: { rate } }, x, lowering) {
    const factors = rate > 0 ? lowering.takeFactors?.() : undefined;
    if (factors === undefined) {
      return { output: x, isTrained: false, backward: (dy) => dy };
    }
    return {
      output: record(lowering, "DupbenchMultiply", {
        inputs: { a: x, b: factors },
        attrs: {},
      }),
      isTrained: false,
      backward: (dy) =>
        record(lowering, "DupbenchMultiply", {
          inputs: { a: dy, b: factors },
          attrs: {},
        }),
    };
  },
};

/** Images as vectors. */
export const flatten: LayerLowering<"flatten"> = {
  kernels: () => [],
  lower({ output: shape }, x, { recorder }) {
    return {
      output: recorder.reshape(x, [x.shape[0]!, ...shape]),
      isTrained: false,
      backward: (dy) => recorder.reshape(dy, x.shape),
    };
  },
};
