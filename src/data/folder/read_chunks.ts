import { sha256, sha256Of } from "../../core/digest.ts";
import { UsageError } from "../../core/errors.ts";

/** What was read of an image: its bytes, or why they cannot be read. */
export type ReadFile = Uint8Array | UsageError;

/** Images that are kept together once they are decoded. */
export interface Chunk<Image> {
  readonly images: readonly Image[];
  readonly files: readonly ReadFile[];
  /** Digest of all files, in order; absent if one could not be read. */
  readonly digest?: string;
}

/** Most bytes of files that are held at a time, and most images. */
const MOST_BYTES = 2 ** 24;
const MOST_IMAGES = 512;

/** One file in so many ends a chunk by its digest. */
const USUAL_IMAGES = 64;

/**
 * Reads files in chunks whose borders depend on the contents near them only, so
 * that a file more or less changes the chunk that it is in and no other.
 */
export async function* readChunks<Image>(
  images: readonly Image[],
  read: (image: Image) => Promise<Uint8Array>,
): AsyncGenerator<Chunk<Image>> {
  let chunk: Image[] = [];
  let files: ReadFile[] = [];
  let digests: (string | undefined)[] = [];
  let bytes = 0;
  const take = (): Chunk<Image> => {
    const whole = digests.every((digest) => digest !== undefined);
    const taken = {
      images: chunk,
      files,
      ...(whole && { digest: sha256Of(digests as string[]) }),
    };
    [chunk, files, digests, bytes] = [[], [], [], 0];
    return taken;
  };
  for (const image of images) {
    let file: ReadFile;
    let digest: string | undefined;
    try {
      file = await read(image);
      digest = sha256(file);
      bytes += file.length;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      file = error;
    }
    chunk.push(image);
    files.push(file);
    digests.push(digest);
    const isBorder = digest !== undefined &&
      parseInt(digest.slice(0, 4), 16) % USUAL_IMAGES === 0;
    if (isBorder || bytes > MOST_BYTES || chunk.length === MOST_IMAGES) {
      yield take();
    }
  }
  if (chunk.length > 0) yield take();
}
