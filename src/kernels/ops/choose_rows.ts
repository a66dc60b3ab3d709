import * as tf from "@tensorflow/tfjs";
import type { Tensor, Tensor1D } from "./tensors.ts";

/**
 * Takes each row from one of two tensors. A row that is not chosen has no
 * effect, even if it is NaN. The mask is expanded to the size of the rows by a
 * product: on wasm, `tf.where` takes fifteen times as long to broadcast it, and
 * its kernel for masks of one dimension takes wrong rows.
 *
 * @param mask Whether to take the row of `yes`, bool, shape `[b]`.
 * @param yes Shape `[b, ...]`.
 * @param no The same shape.
 * @returns The same shape; the caller disposes it.
 */
export function chooseRows<T extends Tensor>(
  mask: Tensor1D,
  yes: T,
  no: T,
): T {
  return tf.tidy(() => {
    const [rows, ...rest] = yes.shape;
    const column = tf.reshape(tf.cast(mask, "float32"), [
      rows!,
      ...rest.map(() => 1),
    ]);
    const full = tf.cast(tf.mul(column, tf.onesLike(yes)), "bool");
    return tf.where(full, yes, no) as T;
  });
}
