import * as tf from "@tensorflow/tfjs";
import type { Tensor, Tensor4D } from "../../core/tensors.ts";

/** Images on the device of the backend in use, from which batches are made. */
export interface ImageStore {
  /**
   * Makes a batch without bringing pixels over again.
   *
   * @param picks For each entry of the batch four integers: row; pixels it moves
   * down and right, what is uncovered being black; 1 if it is then mirrored left
   * to right. Shape `[b, 4]`.
   * @returns Pixels in `[0, 1]`, shape `[b, h, w, c]`; the caller disposes them.
   */
  gather(picks: Int32Array): Tensor4D;
  /** Frees the images. */
  dispose(): void;
}

const kernel = "DupbenchGatherImages";

/**
 * Puts images on the device, a byte a value, where the backend in use has the
 * kernel for it (webgpu) and a tensor may be as large.
 *
 * @param images Bytes, shape `[rows, h, w, c]`, and that shape without the rows.
 * @param maxTensorBytes What the backend can hold in a tensor.
 * @returns None where batches are better made in JavaScript.
 */
export function storeImages(
  { pixels, shape }: {
    pixels: Uint8Array;
    shape: readonly [height: number, width: number, channels: number];
  },
  maxTensorBytes: number,
): ImageStore | undefined {
  const size = Math.ceil(pixels.length / 4);
  const isApt = tf.getKernel(kernel, tf.getBackend()) !== undefined &&
    size * 4 <= maxTensorBytes;
  if (!isApt) return undefined;
  const words = new Int32Array(size);
  new Uint8Array(words.buffer).set(pixels);
  const bytes = tf.tensor1d(words, "int32");
  // Divided here, once, so that every backend is given the same numbers.
  const units = tf.tensor1d(
    Float32Array.from({ length: 256 }, (_, byte) => byte / 255),
  );
  return {
    gather: (picks) =>
      tf.tidy(() =>
        tf.engine().runKernel(kernel, {
          bytes,
          units,
          picks: tf.tensor2d(picks, [picks.length / 4, 4], "int32"),
        }, { shape: [...shape] }) as Tensor as Tensor4D
      ),
    dispose: () => tf.dispose([bytes, units]),
  };
}
