import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelName } from "../kernels/common/kernel.ts";
import type { InferredLayer } from "../spec/infer_network.ts";
import {
  type LayerLowering,
  type Lowered,
  type Lowering,
  passRelu,
  record,
  weightsOf,
} from "./lowering.ts";

const kernels: readonly KernelName[] = [
  "BatchMatMul",
  "DupbenchColumnSums",
  "DupbenchReluGrad",
  "_FusedMatMul",
];

/**
 * A dense layer, with its bias if it has one.
 *
 * @param options `relu`: whether relu follows.
 */
export function dense({ relu }: { relu: boolean }): LayerLowering<"dense"> {
  return {
    kernels: () => kernels,
    lower: (layer, x, lowering) => lowerDense(layer, x, lowering, { relu }),
  };
}

function lowerDense(
  layer: InferredLayer<"dense">,
  x: TensorInfo,
  lowering: Lowering,
  { relu }: { relu: boolean },
): Lowered {
  const { weight, bias, isTrained, takeWeight, takeBias } = weightsOf(
    layer,
    lowering,
  );
  const output = record(lowering, "_FusedMatMul", {
    inputs: { a: x, b: weight, bias },
    attrs: { activation: relu ? "relu" : "linear" },
  });
  return {
    output,
    isTrained,
    backward(dy, needsInput) {
      const dz = passRelu(lowering, { dy, y: output, relu });
      const dx = needsInput
        ? record(lowering, "BatchMatMul", {
          inputs: { a: dz, b: weight },
          attrs: { transposeB: true },
        })
        : undefined;
      if (isTrained) {
        takeWeight(record(lowering, "BatchMatMul", {
          inputs: { a: x, b: dz },
          attrs: { transposeA: true },
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
}
