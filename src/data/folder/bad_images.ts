import { UsageError } from "../../core/errors.ts";

/** Most broken images that a message lists. */
const LISTED = 20;

/** Collects what is wrong with images. */
export interface BadImages {
  /** Adds an image that cannot be read. */
  add(error: UsageError): void;
  /**
   * What was wrong, once all images have been tried.
   *
   * @param read Number of images that could be read.
   * @throws {UsageError} If an image is broken and not to be skipped, or all are.
   */
  settle(read: number): readonly string[];
}

/** Opens a collection of the broken images of a folder. */
export function badImages(
  { folder, isSkipped }: { folder: string; isSkipped: boolean },
): BadImages {
  const errors: UsageError[] = [];
  return {
    add: (error) => errors.push(error),
    settle(read) {
      const [first] = errors;
      if (first === undefined || (isSkipped && read > 0)) {
        return errors.map(({ message }) => message);
      }
      if (errors.length === 1) throw first;
      const more = errors.length - LISTED;
      throw new UsageError(
        [
          `"${folder}" has ${
            errors.length.toLocaleString("en")
          } images that cannot be read${
            isSkipped ? "" : '; "onBadImage" skip leaves them out'
          }:`,
          ...errors.slice(0, LISTED).map(({ message }) => message),
          ...(more > 0 ? [`and ${more.toLocaleString("en")} more`] : []),
        ].join("\n"),
        { field: "onBadImage" },
      );
    },
  };
}
