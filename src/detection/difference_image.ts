import type { Dataset, LabelledImages } from "../data/dataset.ts";
import type { MatchedRows } from "./explain_match.ts";
import { alignPair } from "./search/align_pair.ts";
import { forEachAligned } from "./search/for_each_aligned.ts";

/**
 * What differs between two images as they were searched, the other one moved onto
 * the reference as well as may be: mid grey is no change, and what only one image
 * covers.
 *
 * @param images Images, shape `[rows, h, w, c]`.
 * @param shape Height, width and channels of an image.
 * @param pair `mirrored`: whether mirror images count; `amplification`: by how much
 * a change of a byte is multiplied.
 * @returns Pixels, shape `[h, w, c]`.
 */
export function differenceImage(
  images: LabelledImages,
  shape: Dataset["shape"],
  { reference, other, mirrored, amplification }: MatchedRows & {
    mirrored: boolean;
    amplification: number;
  },
): Uint8Array {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const { pose } = alignPair(images, shape, { reference, other, mirrored });
  const change = new Uint8ClampedArray(size).fill(128);
  forEachAligned(shape, pose, (still, moved) => {
    for (let c = 0; c < channels; c++) {
      const a = images.pixels[reference * size + still + c]!;
      const b = images.pixels[other * size + moved + c]!;
      change[still + c] = 128 + amplification * (b - a);
    }
  });
  return Uint8Array.from(change);
}
