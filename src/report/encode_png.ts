import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Colour types of PNG by the number of channels: grey and RGB. */
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

/**
 * Encodes an image as PNG (ISO/IEC 15948), losslessly, with 8 bits per channel
 * and without row filters: the images here are small.
 *
 * @param pixels Bytes of shape `[height, width, channels]`.
 * @param shape Height, width and channels; 1 channel is grey, 3 are RGB.
 * @throws {RangeError} If there are other than 1 or 3 channels.
 */
export function encodePng(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const colour = COLOUR_TYPES[channels];
  if (colour === undefined) {
    throw new RangeError(`A PNG needs 1 or 3 channels, got ${channels}`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colour], 8);
  // Each row begins with the type of its filter: 0 is none.
  const stride = width * channels;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    rows.set(
      pixels.subarray(y * stride, (y + 1) * stride),
      y * (stride + 1) + 1,
    );
  }
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ];
  const file = new Uint8Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** A chunk: length, type, data, and the CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  const body = bytes.subarray(4, 8 + data.length);
  view.setUint32(8 + data.length, crc32(body));
  return bytes;
}
