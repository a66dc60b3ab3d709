import * as tf from "@tensorflow/tfjs";

/**
 * Gradient of softmax cross-entropy in one kernel, for the logits: what the
 * kernel computed in the forward pass, times the gradient of each loss.
 */
export const softmaxCrossEntropyGradient: tf.GradConfig = {
  kernelName: "DupbenchSoftmaxCrossEntropy",
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [dy] = dys as [tf.Tensor, tf.Tensor];
    const [gradients] = saved as [tf.Tensor];
    return { logits: () => tf.mul(gradients, tf.expandDims(dy, 1)) };
  },
};
