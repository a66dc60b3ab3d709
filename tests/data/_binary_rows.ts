import { cifar10BatchRows } from "../../src/data/cifar10_classes.ts";
import type { LabelledImages } from "../../src/data/dataset.ts";

/**
 * One file of the official binary version of CIFAR-10: label, then planes.
 *
 * @param images 32x32x3; taken from the start again after their end.
 * @param from The first row.
 */
export function binaryRows(
  images: LabelledImages,
  from = 0,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(cifar10BatchRows * 3073);
  for (let row = 0; row < cifar10BatchRows; row++) {
    const source = (from + row) % images.rows;
    bytes[row * 3073] = images.labels[source]!;
    for (let at = 0; at < 3072; at++) {
      const plane = at % 3 * 1024 + Math.floor(at / 3);
      bytes[row * 3073 + 1 + plane] = images.pixels[source * 3072 + at]!;
    }
  }
  return bytes;
}
