import type { ImageHeader } from "../image_header.ts";

/** Names of boxes and brands as numbers. */
const name = {
  ispe: 0x69737065,
  brands: {
    0x61766966: "avif",
    0x61766973: "avif", // avis, of sequences
    0x68656963: "heic",
    0x68656978: "heic", // heix, of more than 8 bits
    0x6d696631: "heic", // mif1
  } as Readonly<Record<number, "avif" | "heic">>,
};

/** Boxes that hold boxes, and the bytes before the first of these. */
const containers: Readonly<Record<number, number>> = {
  0x6d657461: 4, // meta
  0x69707270: 0, // iprp
  0x6970636f: 0, // ipco
};

/**
 * HEIF (ISO 23008-12), section 6.5.3: the sizes of the images of the file, of
 * which the largest is the whole one. Rotation is part of the format, and the
 * decoder applies it.
 */
export function heifHeader(view: DataView): ImageHeader | null {
  const length = view.getUint32(0);
  const format = name.brands[view.getUint32(8)] ??
    brandAmong(view, 16, Math.min(length, view.byteLength));
  if (format === undefined) return null;
  let [width, height] = [0, 0];
  const visit = (from: number, to: number) => {
    for (let at = from; at + 8 <= to;) {
      const size = view.getUint32(at);
      const kind = view.getUint32(at + 4);
      if (size < 8 || at + size > to) return;
      const inner = containers[kind];
      if (inner !== undefined) visit(at + 8 + inner, at + size);
      if (kind === name.ispe && size >= 20) {
        const [w, h] = [view.getUint32(at + 12), view.getUint32(at + 16)];
        if (w * h > width * height) [width, height] = [w, h];
      }
      at += size;
    }
  };
  visit(length, view.byteLength);
  return width * height === 0 ? null : { format, width, height };
}

function brandAmong(view: DataView, from: number, to: number) {
  for (let at = from; at + 4 <= to; at += 4) {
    const format = name.brands[view.getUint32(at)];
    if (format !== undefined) return format;
  }
  return undefined;
}
