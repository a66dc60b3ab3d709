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
    ...joinPaths(parts),
  };
}

/** The files of all images, where each image of every part has one. */
export function joinPaths(
  parts: readonly Pick<LabelledImages, "paths" | "rows">[],
): Pick<LabelledImages, "paths"> {
  const paths: string[] = [];
  for (const part of parts) {
    if (part.rows === 0) continue;
    if (part.paths === undefined) return {};
    for (const path of part.paths) paths.push(path);
  }
  return paths.length === 0 ? {} : { paths };
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
