import type { Images, ImageShape } from "./images.ts";

/**
 * Reduces grey images with repeated channels, such as Fashion-MNIST, to one
 * channel, so that there is a third as much to compare. Hashes and differences do
 * not change.
 *
 * @returns The images unchanged, if any pixel has a colour.
 */
export function mergeChannels(
  images: Images,
  shape: ImageShape,
): { images: Images; shape: ImageShape } {
  const { pixels } = images;
  const [height, width, channels] = shape;
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] !== pixels[at - at % channels]) return { images, shape };
  }
  const grey = new Uint8Array(pixels.length / channels);
  for (let at = 0; at < grey.length; at++) grey[at] = pixels[at * channels]!;
  return { images: { ...images, pixels: grey }, shape: [height, width, 1] };
}
