import * as tf from "@tensorflow/tfjs";
import type { RecordingBackend } from "../kernels/common/recorder.ts";
import type { Parameter } from "../spec/infer_network.ts";
import type { Allocate } from "./initial_weights.ts";

/** The most numbers for which memory is kept from one network to the next. */
const MOST_KEPT = 2 ** 22;

let kept = new Float32Array(0);

/**
 * Memory for the values of one parameter, until the next call: new memory costs
 * more than drawing the values, because the system clears it page by page.
 */
export const scratchOf: Allocate = (size) => {
  if (size > MOST_KEPT) return new Float32Array(size);
  if (size > kept.length) kept = new Float32Array(size);
  return kept.subarray(0, size).fill(0);
};

/**
 * The variable of a parameter.
 *
 * @param values Its values: copied at once on a backend that records, otherwise
 * maybe kept.
 * @param device Where it is; undefined: on a backend that does not record.
 */
export function makeVariable(
  { shape, isTrained }: Parameter,
  values: Float32Array,
  device: RecordingBackend | undefined,
): tf.Variable {
  return tf.tidy(() => {
    if (device === undefined) {
      return tf.variable(tf.tensor(values, [...shape]), isTrained);
    }
    const tensor = tf.engine().makeTensorFromTensorInfo(device.output(shape));
    device.write(tensor, values);
    return tf.variable(tensor, isTrained);
  });
}
