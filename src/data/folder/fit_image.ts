import type { Reading } from "../../spec/reading.ts";
import type { RgbImage } from "../decode_image.ts";
import { type ImageSize, resizeArea } from "../resize_area.ts";

/** How an image gets its size. */
export interface FitOptions extends Pick<Reading, "imageBackground"> {
  /** What becomes of another aspect ratio. */
  readonly imageFit: NonNullable<Reading["imageFit"]>;
  /** Height and width of the result. */
  readonly size: ImageSize;
}

/**
 * Gives an image a size, by area averaging. Of an image of another aspect ratio,
 * `stretch` changes it, `crop` takes the middle, and `letterbox` adds borders of
 * the ground.
 *
 * @returns Pixels, shape `[height, width, 3]`.
 */
export function fitImage(
  image: RgbImage,
  { size, imageFit, imageBackground }: FitOptions,
): Uint8Array<ArrayBuffer> {
  const { height, width } = size;
  if (imageFit === "crop") {
    const scale = Math.min(image.width / width, image.height / height);
    const part = { width: width * scale, height: height * scale };
    return resizeArea(image, size, {
      ...part,
      top: (image.height - part.height) / 2,
      left: (image.width - part.width) / 2,
    });
  }
  if (imageFit === "stretch") return resizeArea(image, size);
  const scale = Math.min(width / image.width, height / image.height);
  const inner = {
    width: Math.min(width, Math.max(1, Math.round(image.width * scale))),
    height: Math.min(height, Math.max(1, Math.round(image.height * scale))),
  };
  const pixels = resizeArea(image, inner);
  const boxed = new Uint8Array(height * width * 3)
    .fill(imageBackground === "black" ? 0 : 255);
  const top = Math.floor((height - inner.height) / 2);
  const left = Math.floor((width - inner.width) / 2);
  const line = inner.width * 3;
  for (let y = 0; y < inner.height; y++) {
    boxed.set(
      pixels.subarray(y * line, (y + 1) * line),
      ((top + y) * width + left) * 3,
    );
  }
  return boxed;
}
