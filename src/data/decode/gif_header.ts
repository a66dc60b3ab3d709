import type { ImageHeader } from "../image_header.ts";

/** GIF89a: the larger of screen and first frame in each dimension. */
export function gifHeader(view: DataView): ImageHeader {
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13 + colourTableBytes(view.getUint8(10));
  while (view.getUint8(at) === 0x21) { // extensions, in sub-blocks
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  }
  if (view.getUint8(at) === 0x2c) {
    width = Math.max(width, view.getUint16(at + 5, true));
    height = Math.max(height, view.getUint16(at + 7, true));
  }
  return { format: "gif", width, height };
}

/** Size of the colour table that a GIF's flag byte announces. */
function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}
