import { sha256 } from "../core/digest.ts";
import { decodeImage, type DecodeOptions } from "../data/decode_image.ts";
import type { Ground } from "../data/decode/lay_on_ground.ts";
import { folderLimits } from "../data/folder/folder_limits.ts";
import { type ImageFormat, readImageHeader } from "../data/image_header.ts";
import { readBytes } from "../data/read_bytes.ts";

/** What a file of an image is, apart from its pixels. */
export interface FileFacts {
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
  /** Format, by magic number. */
  readonly format: ImageFormat;
  /** Width in pixels, as the file stores it. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/** Files of images, each read once at most. */
export interface ImageFiles {
  /** What the file of a row is. */
  factsOf(row: number): Promise<FileFacts>;
  /** SHA-256 of its decoded pixels, before any change of size. */
  pixelDigestOf(row: number): Promise<string>;
}

/**
 * Reads facts of files when they are asked for.
 *
 * @param paths The path of each row.
 * @param decoding How the data set decodes them.
 * @throws {UsageError} If a file cannot be read any more.
 */
export function openFiles(
  paths: readonly string[],
  decoding: Pick<DecodeOptions, "orientation"> = {},
): ImageFiles {
  const limitBytes = folderLimits.fileBytes;
  const facts = new Map<number, FileFacts>();
  const digests = new Map<number, string>();
  const read = (row: number) => readBytes(paths[row]!, { limitBytes });
  return {
    async factsOf(row) {
      const known = facts.get(row);
      if (known !== undefined) return known;
      const bytes = await read(row);
      // Every image was decoded before, so that it has a header.
      const { format, width, height } = readImageHeader(bytes)!;
      const found = {
        bytes: bytes.length,
        sha256: sha256(bytes),
        format,
        width,
        height,
      };
      facts.set(row, found);
      return found;
    },
    async pixelDigestOf(row) {
      const known = digests.get(row);
      if (known !== undefined) return known;
      const bytes = await read(row);
      const on = async (ground: Ground) =>
        await decodeImage(bytes, {
          path: paths[row]!,
          limitPixels: folderLimits.pixels,
          ...decoding,
          ground,
        });
      // Equal on white and on black is equal in colour and in transparency, of
      // which a JPEG has none: it may equal an image of another format.
      const white = await on("white");
      const black = readImageHeader(bytes)!.format === "jpeg"
        ? white
        : await on("black");
      const parts = [white, black].flatMap(({ width, height, pixels }) => [
        `${width} x ${height}\n`,
        pixels,
      ]);
      const digest = sha256(...parts);
      digests.set(row, digest);
      return digest;
    },
  };
}
