import * as tf from "@tensorflow/tfjs";
import type {
  Recording,
  RecordingBackend,
} from "../kernels/common/recorder.ts";
import type { InferredNetwork, Parameter } from "../spec/infer_network.ts";

/** A network that is recorded, and the memory of its parameters. */
export interface RecordedNetwork {
  /** Its layers, with shapes. */
  readonly inferred: InferredNetwork;
  /** The variable of a parameter. */
  variableOf(parameter: Parameter): tf.Variable;
  /** Where it is recorded. */
  readonly device: RecordingBackend;
}

/** What a plan has on the device. */
export interface Plan {
  readonly recording: Recording;
  /** Whether the parameters are still where they were recorded. */
  isCurrent(): boolean;
  dispose(): void;
}

/** A new tensor with the numbers of a buffer; the caller disposes it. */
export function copyBuffer<R extends tf.Rank>(
  device: RecordingBackend,
  buffer: tf.TensorInfo,
): tf.Tensor<R> {
  const copy = makeTensor<R>(device, buffer.shape);
  device.copy({ from: buffer, to: copy });
  return copy;
}

/** A new tensor whose numbers are not set; the caller disposes it. */
export function makeTensor<R extends tf.Rank>(
  device: RecordingBackend,
  shape: readonly number[],
): tf.Tensor<R> {
  const output = device.output(shape);
  return tf.engine().makeTensorFromTensorInfo(output) as tf.Tensor<R>;
}

/**
 * Watches the memory of the parameters that a plan uses: `assign` of a variable
 * gives it other memory.
 */
export function watchParameters(
  { variableOf }: Pick<RecordedNetwork, "variableOf">,
) {
  const seen = new Map<tf.Variable, object>();
  return {
    parameterOf(parameter: Parameter): tf.Variable {
      const variable = variableOf(parameter);
      seen.set(variable, variable.dataId);
      return variable;
    },
    isCurrent: () =>
      [...seen].every(([variable, dataId]) => variable.dataId === dataId),
  };
}
