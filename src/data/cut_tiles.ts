import type { RgbImage } from "./decode_image.ts";

/**
 * Cuts a sprite into its square tiles, from left to right and from top to
 * bottom.
 *
 * @param sprite Pixels, shape `[rows * side, columns * side, 3]`.
 * @param options `side` of a tile in pixels; `count` of tiles to cut, at most
 * those of the sprite.
 * @returns Pixels, shape `[count, side, side, 3]`.
 */
export function cutTiles(
  sprite: RgbImage,
  { side, count }: { side: number; count: number },
): Uint8Array {
  const tiles = new Uint8Array(count * side * side * 3);
  eachTileLine(sprite.width, { side, count }, (inTiles, inSprite, length) => {
    tiles.set(
      sprite.pixels.subarray(inSprite, inSprite + length),
      inTiles,
    );
  });
  return tiles;
}

/**
 * Arranges square tiles as a sprite: the inverse of {@linkcode cutTiles}. Unused
 * space in the last row stays black.
 *
 * @param tiles Pixels, shape `[count, side, side, 3]`.
 * @param options `side` of a tile in pixels; `columns`: tiles per line.
 */
export function layTiles(
  tiles: Uint8Array,
  { side, columns }: { side: number; columns: number },
): RgbImage {
  const count = tiles.length / (side * side * 3);
  const width = columns * side;
  const height = Math.ceil(count / columns) * side;
  const pixels = new Uint8Array(width * height * 3);
  eachTileLine(width, { side, count }, (inTiles, inSprite, length) => {
    pixels.set(tiles.subarray(inTiles, inTiles + length), inSprite);
  });
  return { width, height, pixels };
}

/** Visits each line of each tile by its byte offsets in tiles and sprite. */
function eachTileLine(
  width: number,
  { side, count }: { side: number; count: number },
  visit: (inTiles: number, inSprite: number, length: number) => void,
): void {
  const columns = width / side;
  const length = side * 3;
  for (let tile = 0; tile < count; tile++) {
    const [left, top] = [tile % columns, Math.floor(tile / columns)];
    for (let y = 0; y < side; y++) {
      visit(
        (tile * side + y) * length,
        ((top * side + y) * columns + left) * length,
        length,
      );
    }
  }
}
