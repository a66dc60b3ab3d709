import { requireFit } from "./find_network.ts";
import type { ModelInput } from "./infer_network.ts";
import type { NetworkName } from "./names.ts";
import type { StudyInput } from "./study_types.ts";

/** The duplicates among training images, as a search has counted them. */
export interface CountedRepeats {
  /** Training images. */
  readonly trainRows: number;
  /** Images that go where one image of each group is kept. */
  readonly removed: number;
  /** Of these, those that equal the image that is kept in every pixel. */
  readonly exact: number;
  /** Of these, those whose label is not that of the image that is kept. */
  readonly conflicting: number;
  /** The removed images by the class of the image that is kept, shape `[classes]`. */
  readonly removedPerClass: readonly number[];
}

/** What a paired study of duplicates that were found is to be like. */
export interface PairedStudyOptions {
  /** Images and classes. */
  readonly input: ModelInput;
  /** Runs of each arm, with the seeds 1 to this number. */
  readonly repeats: number;
  /** Whether near duplicates are removed also. */
  readonly near: boolean;
  /**
   * Copies per image to add; default: as many per distinct image as were found,
   * which a study takes up to `MOST_RATIO`.
   */
  readonly ratio?: number | undefined;
  /** Fields that the user gave. */
  readonly given: Partial<StudyInput>;
}

/** Networks of a study that does not say, those to be preferred first. */
const preferred: readonly NetworkName[] = [
  "whitened-groups",
  "published-standard",
];

/** What the channels of such a network are multiplied by. */
const WIDTH = 0.5;

/** Images that a run is trained on, about; and the fewest and most epochs. */
const TRAINED = 40_000;
const FEWEST_EPOCHS = 10;
const MOST_EPOCHS = 40;

/** Training images below which batches are small, so that there are enough steps. */
const SMALL_SET = 5000;
const SMALL_BATCH = 32;

/** Digits of ratios and shares: more would say nothing. */
const DIGITS = 3;

/** Duplicates found per distinct image, or the smallest ratio if they are fewer. */
export function ratioFound(
  { removed, trainRows }: Pick<CountedRepeats, "removed" | "trainRows">,
): number {
  return Math.max(10 ** -DIGITS, round(removed / (trainRows - removed)));
}

/**
 * Plans a study of what the duplicates in a data set do, with up to three arms of
 * equal gradient steps, paired by seed: the images as they are, cleaned (one of each
 * group is kept), and with as many duplicates again. Those are like the ones found:
 * as many per distinct image, with their classes, exact or near as most of them are,
 * and with the same share of labels that disagree. Without duplicates there is no
 * cleaned arm. Test images with a duplicate among the training images are counted
 * apart.
 *
 * @param found Nothing removed: `ratio` must be given.
 * @throws {RangeError} If no network fits the images.
 */
export function planPairedStudy(
  { trainRows, removed, exact, conflicting, removedPerClass }: CountedRepeats,
  { input, repeats, near, ratio, given }: PairedStudyOptions,
): Omit<StudyInput, "name"> {
  const { model = [chooseNetwork(input)], epochs = chooseEpochs(trainRows) } =
    given;
  const added = ratio ?? ratioFound({ removed, trainRows });
  const conflict = removed === 0 ? 0 : round(conflicting / removed);
  const method = near ? "near" as const : "exact" as const;
  return {
    description: describe(),
    ...(model.every((name) => preferred.some((own) => own === name)) &&
      { width: [WIDTH] }),
    ...(trainRows < SMALL_SET && { batch: SMALL_BATCH }),
    attacks: [],
    ...given,
    model,
    epochs,
    leaks: "apart",
    ratios: [0, added],
    ...(removed === 0 ? { policy: ["uniform"] } : {
      policy: ["class-biased"],
      classWeights: [...removedPerClass],
      dedup: ["none", method],
      exclude: [{ ratios: [added], dedup: [method] }],
      ...(2 * exact < removed && { copies: ["near"] }),
      ...(conflict > 0 && { conflict: [conflict] }),
    }),
    seeds: Array.from({ length: repeats }, (_, i) => i + 1),
  };

  function describe(): string {
    const more = `with ${added} copies per image added`;
    return removed === 0
      ? `What duplicates would do to these images: as they are, and ${more}.`
      : `What the duplicates in these images do: as they are, cleaned, and ${more}, like the ${removed} duplicates among the ${trainRows} training images.`;
  }
}

/** The first network that fits. */
function chooseNetwork(input: ModelInput): NetworkName {
  for (const model of preferred.slice(0, -1)) {
    try {
      requireFit({ model, width: WIDTH }, input);
      return model;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const last = preferred.at(-1)!;
  requireFit({ model: last, width: WIDTH }, input);
  return last;
}

function chooseEpochs(rows: number): number {
  return Math.min(
    MOST_EPOCHS,
    Math.max(FEWEST_EPOCHS, Math.ceil(TRAINED / rows)),
  );
}

function round(share: number): number {
  return Number(share.toFixed(DIGITS));
}
