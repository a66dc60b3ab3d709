import * as tf from "@tensorflow/tfjs";
import type { Tensor4D } from "./tensors.ts";
import { hasKernel, runKernel } from "../common/run_kernel.ts";

/** Images held on the device of the backend in use, from which batches are made. */
export interface ImageStore {
  /**
   * Makes a batch without copying pixels to the device again.
   *
   * @param picks Eight integers for each image of the batch: its row; how many
   * pixels it moves down and right; 1 if it is then mirrored left to right; 1 if
   * pixels that it uncovers show it reflected about its outermost pixels, as
   * PyTorch's padding mode `reflect` does, 0 if they are black; row and column
   * of a square that is black, and its side, 0 if there is none. Shape `[b, 8]`.
   * @returns Pixels in `[0, 1]`, shape `[b, h, w, c]`; the caller disposes them.
   */
  gather(picks: Int32Array): Tensor4D;
  /** Frees the images. */
  dispose(): void;
}

/** Integers for each image of a batch. */
const PICK_SIZE = 8;

/**
 * Copies images to the device, one byte per value, if the backend in use has
 * the kernel for it (webgpu) and can hold a tensor of that size.
 *
 * @param images Bytes, shape `[rows, h, w, c]`, and that shape without the rows.
 * @param maxTensorBytes Size of the largest tensor that the backend can hold.
 * @returns The images; undefined if batches are better made in JavaScript.
 */
export function storeImages(
  { pixels, shape }: {
    pixels: Uint8Array;
    shape: readonly [height: number, width: number, channels: number];
  },
  maxTensorBytes: number,
): ImageStore | undefined {
  const size = Math.ceil(pixels.length / 4);
  const isAvailable = hasKernel("DupbenchGatherImages") &&
    size * 4 <= maxTensorBytes;
  if (!isAvailable) return undefined;
  const words = new Int32Array(size);
  new Uint8Array(words.buffer).set(pixels);
  const bytes = tf.tensor1d(words, "int32");
  // Divided here, once, so that every backend gets the same numbers.
  const units = tf.tensor1d(
    Float32Array.from({ length: 256 }, (_, byte) => byte / 255),
  );
  return {
    gather: (picks) =>
      tf.tidy(() =>
        runKernel("DupbenchGatherImages", {
          inputs: {
            bytes,
            units,
            picks: tf.tensor2d(
              picks,
              [picks.length / PICK_SIZE, PICK_SIZE],
              "int32",
            ),
          },
          attrs: { shape },
        })[0] as Tensor4D
      ),
    dispose: () => tf.dispose([bytes, units]),
  };
}
