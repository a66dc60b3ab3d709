import * as tf from "@tensorflow/tfjs";
import { withRoundingOf } from "./rounding_of.ts";

/** Kernels of one kind of convolution: the result and both of its gradients. */
interface Family {
  readonly forward: string;
  readonly inputGradient: string;
  readonly filterGradient: string;
  /** Axes of an image. */
  readonly rank: number;
}

const families: readonly Family[] = [
  {
    forward: "Conv2D",
    inputGradient: "Conv2DBackpropInput",
    filterGradient: "Conv2DBackpropFilter",
    rank: 2,
  },
  {
    forward: "DepthwiseConv2dNative",
    inputGradient: "DepthwiseConv2dNativeBackpropInput",
    filterGradient: "DepthwiseConv2dNativeBackpropFilter",
    rank: 2,
  },
  {
    forward: "Conv3D",
    inputGradient: "Conv3DBackpropInputV2",
    filterGradient: "Conv3DBackpropFilterV2",
    rank: 3,
  },
];

/**
 * Gradients of the gradients of convolutions, of which TensorFlow.js has one. A
 * gradient is linear in each of its inputs, and a convolution again.
 */
export const convolutionGradients: readonly tf.GradConfig[] = families.flatMap(
  ({ forward, inputGradient, filterGradient, rank }) => {
    const run = (
      kernel: string,
      inputs: tf.NamedTensorMap,
      attrs: object,
    ): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, attrs as tf.NamedAttrMap);
    const convolve = (
      inputs: { x: tf.Tensor; filter: tf.Tensor },
      dy: tf.Tensor,
      attrs: tf.NamedAttrMap,
    ) => {
      const dilations = attrs.dilations ?? Array<number>(rank).fill(1);
      const { x, filter } = inputs;
      return run(
        forward,
        inputs,
        withRoundingOf({ ...attrs, dilations }, {
          x,
          dy,
          filterShape: filter.shape,
        }),
      );
    };
    const ofFilterGradient: tf.GradConfig = {
      kernelName: filterGradient,
      inputsToSave: ["x", "dy"],
      gradFunc(result, saved, attrs) {
        const filter = result as tf.Tensor;
        const [x, dy] = saved as [tf.Tensor, tf.Tensor];
        const inputShape = x.shape;
        return {
          x: () => run(inputGradient, { dy, filter }, { ...attrs, inputShape }),
          dy: () => convolve({ x, filter }, dy, attrs),
        };
      },
    };
    const ofInputGradient: tf.GradConfig = {
      kernelName: inputGradient,
      inputsToSave: ["dy", "filter"],
      gradFunc(result, saved, attrs) {
        const x = result as tf.Tensor;
        const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
        const filterShape = filter.shape;
        return {
          dy: () => convolve({ x, filter }, dy, attrs),
          filter: () =>
            run(filterGradient, { x, dy }, { ...attrs, filterShape }),
        };
      },
    };
    return [ofFilterGradient, ofInputGradient];
  },
);
