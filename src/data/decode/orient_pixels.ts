/** An image whose pixels are `channels` bytes each. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Turns an image upright that is stored in an EXIF orientation (TIFF 6.0, page
 * 36): 2 is mirrored, 3 upside down, 4 both, and 5 to 8 have rows for columns.
 *
 * @param image RGB, shape `[height, width, 3]`.
 * @param orientation In `[1, 8]`.
 */
export function orientPixels<T extends Pixels>(
  image: T,
  orientation: number,
): T | Pixels {
  if (orientation === 1) return image;
  const { width, height, pixels } = image;
  const isTurned = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const [columns, rows] = isTurned ? [height, width] : [width, height];
  const upright = new Uint8Array(pixels.length);
  let to = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [column, row] = isTurned ? [y, x] : [x, y];
      const fromX = fromRight ? width - 1 - column : column;
      const fromY = fromBottom ? height - 1 - row : row;
      const from = 3 * (fromY * width + fromX);
      upright[to++] = pixels[from]!;
      upright[to++] = pixels[from + 1]!;
      upright[to++] = pixels[from + 2]!;
    }
  }
  return { width: columns, height: rows, pixels: upright };
}
