import type { LabelledImages } from "./dataset.ts";

/**
 * Concatenates images.
 *
 * @param parts At least one, all of one image size.
 */
export function joinImages(parts: readonly LabelledImages[]): LabelledImages {
  return {
    pixels: joinBytes(parts.map((part) => part.pixels)),
    labels: joinBytes(parts.map((part) => part.labels)),
    rows: parts.reduce((rows, part) => rows + part.rows, 0),
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(
    parts.reduce((length, part) => length + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
