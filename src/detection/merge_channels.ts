import type { Dataset, LabelledImages } from "../data/dataset.ts";

/**
 * Takes one channel of grey images that repeat it, such as Fashion-MNIST's.
 * Neither hashes nor differences change, for each weighs equal channels alike,
 * and there is a third as much to compare.
 *
 * @returns The images as they are where any pixel has a colour.
 */
export function mergeChannels(
  images: LabelledImages,
  shape: Dataset["shape"],
): { images: LabelledImages; shape: Dataset["shape"] } {
  const { pixels } = images;
  const [height, width, channels] = shape;
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] !== pixels[at - at % channels]) return { images, shape };
  }
  const grey = new Uint8Array(pixels.length / channels);
  for (let at = 0; at < grey.length; at++) grey[at] = pixels[at * channels]!;
  return { images: { ...images, pixels: grey }, shape: [height, width, 1] };
}
