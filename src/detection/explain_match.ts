import type { Dataset } from "../data/dataset.ts";
import type { FileFacts, ImageFiles } from "./file_facts.ts";
import { type PlacedPair, placePair } from "./place_pair.ts";
import type { Line } from "./search/align_images.ts";
import { type Alignment, alignPair } from "./search/align_pair.ts";
import { workingSide } from "./search/working_images.ts";
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
  /**
   * How many times as large its content is, where it shows another part of the
   * picture or has another aspect ratio; features alone find such pairs.
   */
  readonly enlarged?: { readonly height: number; readonly width: number };
  /** Its contrast, relative to the reference. */
  readonly gain: number;
  /** Its mean brightness less that of the reference, of 255. */
  readonly brighter: number;
  /**
   * Largest change of the mean of a channel beyond that, of 255; absent of pairs
   * that features alone find.
   */
  readonly tint?: number;
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

/** Change of scale from which on it is said: a pixel in thirty. */
const LEAST_SCALE = 0.03;

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
  found: FoundDuplicates,
  { files, mirrored, reference, other }: MatchedRows & {
    files: ImageFiles | undefined;
    mirrored: boolean;
  },
): Promise<Match> {
  const { images, firsts } = found;
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
  const placed = placePair(found, { reference, other });
  const change = placed === undefined
    ? alignedChange(alignPair(images, shape, { reference, other, mirrored }))
    : placedChange(placed, shape);
  const { difference, ...rest } = change;
  return {
    reason: "near",
    difference,
    change: { ...rest, ...(resized !== undefined && { resized }) },
  };
}

type MeasuredChange = NearChange & { readonly difference: number };

function alignedChange(
  { pose, difference, gain, brighter, tint }: Alignment,
): MeasuredChange {
  return {
    mirrored: pose.mirrored,
    down: 0 - pose.down,
    right: 0 - pose.right,
    gain,
    brighter,
    tint,
    difference,
  };
}

/** The change in place of the middle of the image, and of its scale. */
function placedChange(
  { down, across, mirrored, gain, brighter, difference }: PlacedPair,
  [height, width]: Dataset["shape"],
): MeasuredChange {
  const middle = workingSide / 2;
  const movedBy = ({ scale, shift }: Line, side: number) =>
    // Without a negative zero.
    Math.round((scale * middle + shift - middle) * side / workingSide) + 0;
  const isScaled = [down, across].some(({ scale }) =>
    Math.abs(scale - 1) > LEAST_SCALE
  );
  return {
    mirrored,
    down: movedBy(down, height),
    right: movedBy(across, width),
    ...(isScaled && {
      enlarged: { height: down.scale, width: across.scale },
    }),
    gain,
    brighter,
    difference,
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
