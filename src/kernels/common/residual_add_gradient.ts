import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import type { KernelSignatures } from "./kernel.ts";
import { runKernel } from "./run_kernel.ts";

/** Gradients of a residual addition for the branch and the shortcut. */
export const residualAddGradient: GradConfig = {
  kernelName: "DupbenchResidualAdd",
  inputsToSave: ["shortcut"],
  outputsToSave: [true],
  gradFunc(result, saved, given) {
    const [shortcut, y] = saved as [Tensor, Tensor];
    const { relu, stride } =
      given as unknown as KernelSignatures["DupbenchResidualAdd"]["attrs"];
    const inputShape = shortcut.shape as [number, number, number, number];
    const isPlain = stride === 1 &&
      inputShape.every((n, i) => n === y.shape[i]);
    const live = () => passRelu(result as Tensor, y, relu);
    return {
      x: live,
      shortcut: () =>
        isPlain ? live() : runKernel("DupbenchShortcutGrad", {
          inputs: { dy: live() },
          attrs: { inputShape, stride },
        })[0]!,
    };
  },
};

/** A gradient where relu, of result y, lets it pass; a new tensor. */
export function passRelu(dy: Tensor, y: Tensor, relu: boolean): Tensor {
  return relu
    ? runKernel("DupbenchReluGrad", { inputs: { dy, x: y }, attrs: {} })[0]!
    : dy.clone();
}
