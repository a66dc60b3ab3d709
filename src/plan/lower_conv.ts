import type { TensorInfo } from "@tensorflow/tfjs";
import type { InferredLayer } from "../spec/infer_network.ts";
import { feedsMaxPool } from "./feeds_max_pool.ts";
import { usedPadding } from "./used_padding.ts";
import {
  type LayerLowering,
  type Lowered,
  type Lowering,
  passRelu,
  record,
  weightsOf,
} from "./lowering.ts";

type Shape4D = [number, number, number, number];

/**
 * A convolution, with its bias if it has one.
 *
 * @param options `relu`: whether relu follows.
 */
export function conv({ relu }: { relu: boolean }): LayerLowering<"conv"> {
  return {
    kernels: (_, has) => [
      "Conv2DBackpropFilter",
      "Conv2DBackpropInput",
      "DupbenchColumnSums",
      "DupbenchReluGrad",
      ...has("FusedConv2D")
        ? ["FusedConv2D" as const]
        : ["Conv2D" as const, "DupbenchAddBias" as const],
    ],
    lower: (layer, x, lowering) => lowerConv(layer, x, lowering, { relu }),
  };
}

/** A convolution of stride 1, its bias, relu and 2x2 pooling, in one kernel. */
export const convReluPool: LayerLowering<"conv"> = {
  kernels: () => [
    "DupbenchConvReluPool",
    "DupbenchConvReluPoolBiasGrad",
    "DupbenchConvReluPoolFilterGrad",
    "DupbenchConvReluPoolInputGrad",
  ],
  lower(layer, x, lowering) {
    const { weight: filter, bias, isTrained, takeWeight, takeBias } = weightsOf(
      layer,
      lowering,
    );
    const [output, winners] = lowering.recorder.call("DupbenchConvReluPool", {
      inputs: { x, filter, bias: bias! },
      attrs: {},
    }) as [TensorInfo, TensorInfo];
    return {
      output,
      isTrained,
      backward(dy, needsInput) {
        const dx = needsInput
          ? record(lowering, "DupbenchConvReluPoolInputGrad", {
            inputs: { dy, winners, filter },
            attrs: { inputShape: x.shape as Shape4D },
          })
          : undefined;
        if (isTrained) {
          takeWeight(record(lowering, "DupbenchConvReluPoolFilterGrad", {
            inputs: { dy, winners, x },
            attrs: { filterShape: filter.shape as Shape4D },
          }));
          takeBias(record(lowering, "DupbenchConvReluPoolBiasGrad", {
            inputs: { dy, winners },
            attrs: {},
          }));
        }
        return dx;
      },
    };
  },
};

/** Whether three layers are a block that `convReluPool` takes. */
export function isConvReluPool(
  first: InferredLayer,
  second: InferredLayer | undefined,
  third: InferredLayer | undefined,
): first is InferredLayer<"conv"> {
  const { layer, output } = first;
  if (layer.type !== "conv") return false;
  const [height, width, channels] = output as [number, number, number];
  return layer.stride === 1 && 2 * layer.padding! + 1 === layer.kernel &&
    layer.bias &&
    second?.layer.type === "relu" &&
    third?.layer.type === "maxPool" && third.layer.size === 2 &&
    third.layer.stride === 2 &&
    height % 2 === 0 && width % 2 === 0 && channels % 4 === 0;
}

function lowerConv(
  layer: InferredLayer<"conv">,
  x: TensorInfo,
  lowering: Lowering,
  { relu }: { relu: boolean },
): Lowered {
  const { weight: filter, bias, isTrained, takeWeight, takeBias } = weightsOf(
    layer,
    lowering,
  );
  const window = {
    strides: layer.layer.stride,
    pad: usedPadding(layer, lowering.inBlock ?? []),
  };
  const looseTies = !feedsMaxPool(lowering.next ?? []);
  const output = forward();
  return {
    output,
    isTrained,
    backward(dy, needsInput) {
      const dz = passRelu(lowering, { dy, y: output, relu });
      const dx = needsInput
        ? record(lowering, "Conv2DBackpropInput", {
          inputs: { dy: dz, filter },
          attrs: { ...window, inputShape: x.shape as Shape4D },
        })
        : undefined;
      if (isTrained) {
        takeWeight(record(lowering, "Conv2DBackpropFilter", {
          inputs: { x, dy: dz },
          attrs: { ...window, filterShape: filter.shape as Shape4D },
        }));
        if (bias !== undefined) {
          takeBias(record(lowering, "DupbenchColumnSums", {
            inputs: { x: dz },
            attrs: {},
          }));
        }
      }
      return dx;
    },
  };

  function forward(): TensorInfo {
    if (lowering.has("FusedConv2D")) {
      return record(lowering, "FusedConv2D", {
        inputs: { x, filter, bias },
        attrs: { ...window, looseTies, activation: relu ? "relu" : "linear" },
      });
    }
    const sums = record(lowering, "Conv2D", {
      inputs: { x, filter },
      attrs: { ...window, looseTies },
    });
    return bias === undefined
      ? passRelu(lowering, { dy: sums, y: sums, relu })
      : record(lowering, "DupbenchAddBias", {
        inputs: { x: sums, bias },
        attrs: { relu },
      });
  }
}
