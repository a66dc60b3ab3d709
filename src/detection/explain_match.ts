import type { Dataset } from "../data/dataset.ts";
import type { FileFacts, ImageFiles } from "./file_facts.ts";
import { alignPair } from "./search/align_pair.ts";
import type { FoundDuplicates } from "./search_duplicates.ts";

/**
 * Why two images are duplicates: their files are equal; their decoded pixels are;
 * or they are nearly equal as they were searched.
 */
export type MatchReason = "file" | "pixels" | "near";

/** How a near duplicate differs from its reference, as it was searched. */
export interface NearChange {
  /** Whether it is mirrored left to right. */
  readonly mirrored: boolean;
  /** Pixels of the searched image by which its content is lower; negative: higher. */
  readonly down: number;
  /** Pixels by which its content is further right. */
  readonly right: number;
  /** Its contrast, relative to the reference. */
  readonly gain: number;
  /** Its mean brightness less that of the reference, of 255. */
  readonly brighter: number;
  /** Whether its file has another width or height, where files are known. */
  readonly resized?: boolean;
}

/** Why an image is a duplicate of another, and how much they differ. */
export interface Match {
  /** What is equal. */
  readonly reason: MatchReason;
  /** Pixel difference when aligned, in `[0, 1]`; 0: equal. */
  readonly difference: number;
  /** How it differs, where it is near only. */
  readonly change?: NearChange;
}

/** Two images to compare, as rows of what was searched. */
export interface MatchedRows {
  /** The image that is compared with. */
  readonly reference: number;
  /** The image to explain. */
  readonly other: number;
}

/**
 * Says why two images are duplicates. Images with files are equal in pixels only
 * if they are so before the data set changed their sizes.
 *
 * @param options `files`: the files of the rows, where they have any;
 * `mirrored`: whether mirror images count.
 */
export async function explainMatch(
  { shape }: Pick<Dataset, "shape">,
  { images, firsts }: FoundDuplicates,
  { files, mirrored, reference, other }: MatchedRows & {
    files: ImageFiles | undefined;
    mirrored: boolean;
  },
): Promise<Match> {
  const isEqual = firsts[reference] === firsts[other];
  const facts = files &&
    [await files.factsOf(reference), await files.factsOf(other)] as const;
  const resized = facts && !haveOneSize(...facts);
  if (isEqual) {
    if (facts && facts[0].sha256 === facts[1].sha256) {
      return { reason: "file", difference: 0 };
    }
    const isSame = files === undefined ||
      await files.pixelDigestOf(reference) === await files.pixelDigestOf(other);
    if (isSame) return { reason: "pixels", difference: 0 };
  }
  const { pose, difference, gain, brighter } = alignPair(images, shape, {
    reference,
    other,
    mirrored,
  });
  return {
    reason: "near",
    difference,
    change: {
      mirrored: pose.mirrored,
      down: 0 - pose.down,
      right: 0 - pose.right,
      gain,
      brighter,
      ...(resized !== undefined && { resized }),
    },
  };
}

/** Whether two images have the same sides; a camera stores some of them turned. */
function haveOneSize(one: FileFacts, other: FileFacts): boolean {
  const [shorter, longer] = sidesOf(one);
  const [otherShorter, otherLonger] = sidesOf(other);
  return shorter === otherShorter && longer === otherLonger;
}

function sidesOf(
  { width, height }: FileFacts,
): [shorter: number, longer: number] {
  return width < height ? [width, height] : [height, width];
}
