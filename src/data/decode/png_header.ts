import { exifOrientation } from "./exif_orientation.ts";
import type { ImageHeader } from "../image_header.ts";

/** Names of chunks as numbers. */
const chunk = {
  IHDR: 0x49484452,
  eXIf: 0x65584966,
  acTL: 0x6163544c,
  fcTL: 0x6663544c,
  fdAT: 0x66644154,
};

/** PNG (ISO 15948), section 11.2.2: IHDR is the first chunk. */
export function pngHeader(view: DataView): ImageHeader | null {
  if (view.getUint32(4) !== 0x0d0a1a0a || view.getUint32(12) !== chunk.IHDR) {
    return null;
  }
  let orientation = 1;
  for (const { name, at, length } of listChunks(view)) {
    if (name !== chunk.eXIf) continue;
    orientation = exifOrientation(
      new DataView(view.buffer, view.byteOffset + at + 8, length),
    );
  }
  return {
    format: "png",
    width: view.getUint32(16),
    height: view.getUint32(20),
    orientation,
  };
}

/**
 * A PNG without its animation: what is left is the default image, which readers
 * without animation show (PNG, third edition, section 4.10).
 */
export function withoutAnimation(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [...listChunks(view)];
  if (!chunks.some(({ name }) => name === chunk.acTL)) return bytes;
  const kept = chunks.filter(({ name }) =>
    name !== chunk.acTL && name !== chunk.fcTL && name !== chunk.fdAT
  );
  const last = chunks.at(-1)!;
  const still = new Uint8Array(bytes.length);
  still.set(bytes.subarray(0, 8));
  let to = 8;
  const append = (part: Uint8Array) => {
    still.set(part, to);
    to += part.length;
  };
  for (const { at, length } of kept) {
    append(bytes.subarray(at, at + length + 12));
  }
  // What follows the last whole chunk, as of a file that is cut off.
  append(bytes.subarray(last.at + last.length + 12));
  return still.subarray(0, to);
}

/** The chunks that are whole: each is length, name, content and checksum. */
function* listChunks(view: DataView) {
  for (let at = 8; at + 12 <= view.byteLength;) {
    const length = view.getUint32(at);
    if (at + 12 + length > view.byteLength) return;
    yield { name: view.getUint32(at + 4), at, length };
    at += 12 + length;
  }
}
