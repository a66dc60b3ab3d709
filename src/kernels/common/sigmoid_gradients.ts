import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** A function whose slope follows from its result. */
interface Curve {
  readonly name: string;
  /** The kernel of its gradient. */
  readonly gradient: "DupbenchSigmoidGrad" | "DupbenchTanhGrad";
  /** The same by operations of TensorFlow.js. */
  compose(dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** How that slope depends on the result y. */
  bend(y: tf.Tensor): tf.Tensor;
}

const curves: readonly Curve[] = [
  {
    name: "Sigmoid",
    gradient: "DupbenchSigmoidGrad",
    compose: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
    bend: (y) => tf.sub(1, tf.mul(2, y)),
  },
  {
    name: "Tanh",
    gradient: "DupbenchTanhGrad",
    compose: (dy, y) => tf.mul(tf.sub(1, tf.square(y)), dy),
    bend: (y) => tf.mul(-2, y),
  },
];

function slope(
  { gradient, compose }: Curve,
  inputs: Record<"dy" | "x" | "y", tf.Tensor>,
): tf.Tensor {
  return hasKernel(gradient) &&
      Object.values(inputs).every(({ dtype }) => dtype === "float32")
    ? runKernel(gradient, { inputs, attrs: {} })[0]!
    : compose(inputs.dy, inputs.y);
}

/**
 * Gradients of the logistic function and the hyperbolic tangent, in one pass where
 * the backend has the kernels, and the gradients of those. TensorFlow.js takes
 * results that it saved for constants, so that its second gradients lack a term;
 * x, which the kernels do not read, brings it in.
 */
export const sigmoidGradients: readonly tf.GradConfig[] = curves.flatMap(
  (curve): tf.GradConfig[] => [
    {
      kernelName: curve.name,
      inputsToSave: ["x"],
      outputsToSave: [true],
      gradFunc: (dy, [x, y]) => ({
        x: () => slope(curve, { dy: dy as tf.Tensor, x: x!, y: y! }),
      }),
    },
    {
      kernelName: curve.gradient,
      inputsToSave: ["dy", "x", "y"],
      gradFunc: (result, saved) => {
        const [dy, x, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const along = (dy: tf.Tensor) => slope(curve, { dy, x, y });
        return {
          dy: () => along(result as tf.Tensor),
          x: () =>
            along(tf.mul(tf.mul(result as tf.Tensor, dy), curve.bend(y))),
          y: () => tf.zerosLike(y),
        };
      },
    },
  ],
);
