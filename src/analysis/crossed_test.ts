import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { testMean } from "./paired_test.ts";

/** Classes of test images, and what values have in common within them. */
export interface Strata {
  /** Images of each class, shape `[classes]`; those without images do not count. */
  readonly rows: readonly number[];
  /** Mean of the values of each class, for each seed, shape `[seeds][classes]`. */
  readonly means: readonly (readonly number[])[];
}

/** Values on the test images of one data set. */
export interface ImageSample {
  /** One list of finite values per seed, shape `[seeds][images]`. */
  readonly values: readonly Float64Array[];
  /** Classes of the images; absent: one class, whose interval is the wider one. */
  readonly strata?: Strata | undefined;
}

/**
 * Test of a mean against 0 that holds for other seeds and for other test images:
 * the same images are measured with every seed, so both are random effects,
 * crossed.
 */
export interface CrossedTest {
  /** Number of seeds. */
  seeds: number;
  /** Number of test images. */
  images: number;
  /** Mean over seeds and images; of several data sets, the sum of their parts. */
  mean: number;
  /** Standard error over seeds alone, for these test images. */
  seedError: number;
  /** Standard error over test images alone, for these seeds. */
  imageError: number;
  /** Standard error of the mean, by both and their interaction. */
  error: number;
  /** Degrees of freedom (Satterthwaite). */
  df: number;
  /** Ends of the 95 % confidence interval. */
  interval: [low: number, high: number];
  /** Two-sided p. */
  p: number;
  /** Smallest mean that is detected with power .8, as in `MeanTest`. */
  detectable: number;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;

/** Deviation, as a share of the largest value, that is due to rounding alone. */
const ROUNDING = 1e-12;

/**
 * Tests the mean of values of every seed on every test image. The model is the
 * two-way layout of random effects with one value each, images nested in classes:
 * value = mean of the class + seed + image + the rest; classes are fixed, as a
 * test set has a given number of images of each. With the mean squares of seeds,
 * of images within classes and of the rest, the variance of the mean is
 * (MS_seed + MS_image - MS_rest) / (seeds x images), where a component of variance
 * that is estimated below 0, as MS_seed - MS_rest may be by chance, counts as 0
 * (Searle, Casella and McCulloch 1992, sec. 4.5); degrees of freedom are
 * Satterthwaite's (1946, Biometrics Bull. 2).
 *
 * @param samples Images of one data set each: several samples are independent, and
 * what is tested is the sum of their means, by the same seeds.
 * @returns `null` for fewer than 2 seeds, or where no class has 2 images.
 */
export function testCrossed(
  samples: readonly ImageSample[],
): CrossedTest | null {
  const seeds = samples[0]?.values.length ?? 0;
  if (seeds < 2) return null;
  const parts = samples.map(imageParts);
  if (parts.includes(null)) return null;
  const sums = Array.from(
    { length: seeds },
    (_, seed) =>
      samples.reduce((sum, { values }) => sum + meanOf(values[seed]!), 0),
  );
  const { mean, sd } = testMean(sums);
  const total = (read: (part: ImageParts) => number) =>
    parts.reduce((sum, part) => sum + read(part!), 0);
  const ofSeeds = sd ** 2 / seeds;
  const ofImages = total(({ image }) => image);
  const ofRest = total(({ rest }) => rest);
  // The components of seeds and of images are at least 0, so it is no less than
  // any of the three.
  const variance = Math.max(ofSeeds, ofRest) + Math.max(ofImages, ofRest) -
    ofRest;
  const spread = ofSeeds ** 2 / (seeds - 1) +
    total(({ image, rest, df }) =>
      image ** 2 / df + rest ** 2 / (df * (seeds - 1))
    );
  const df = spread === 0 ? seeds - 1 : variance ** 2 / spread;
  const error = Math.sqrt(variance);
  const reach = tQuantile((1 + CONFIDENCE) / 2, df);
  return {
    seeds,
    images: samples.reduce((sum, { values }) => sum + values[0]!.length, 0),
    mean,
    seedError: Math.sqrt(ofSeeds),
    imageError: Math.sqrt(ofImages),
    error,
    df,
    interval: [mean - reach * error, mean + reach * error],
    p: error === 0 ? Number(mean === 0) : 2 * tCdf(-Math.abs(mean) / error, df),
    detectable: (reach + tQuantile(POWER, df)) * error,
  };
}

/** Mean squares of a sample, each divided by its number of values. */
interface ImageParts {
  /** Of images within classes. */
  readonly image: number;
  /** Degrees of freedom of that. */
  readonly df: number;
  /** Of the rest, with `seeds - 1` times as many degrees of freedom. */
  readonly rest: number;
}

/** `null` where no class has 2 images. */
function imageParts({ values, strata }: ImageSample): ImageParts | null {
  const seeds = values.length;
  const images = values[0]!.length;
  const classes = strata?.rows.filter((rows) => rows > 0).length ?? 1;
  const imageDf = images - classes;
  if (imageDf < 1) return null;
  const seedMeans = values.map(meanOf);
  const mean = seedMeans.reduce((sum, one) => sum + one, 0) / seeds;
  const imageMeans = new Float64Array(images);
  let total = 0;
  let most = 0;
  for (const one of values) {
    one.forEach((value, i) => {
      imageMeans[i]! += value / seeds;
      total += (value - mean) ** 2;
      most = Math.max(most, Math.abs(value));
    });
  }
  const ofImages = seeds * squaresOf(imageMeans, mean);
  const { between, interaction } = classSquares(seedMeans, mean, strata);
  // What classes have in common is no error of sampling within them.
  const within = ofImages - between;
  const rest = total - images * squaresOf(seedMeans, mean) - ofImages -
    interaction;
  const count = seeds * images;
  // Both are differences of sums, which rounding alone can keep from 0.
  const tiny = ROUNDING * Math.max(total, ROUNDING * most ** 2 * count);
  const square = (sum: number, df: number) =>
    sum <= tiny ? 0 : sum / (df * count);
  return {
    image: square(within, imageDf),
    df: imageDf,
    rest: square(rest, imageDf * (seeds - 1)),
  };
}

/** Sums of squares of classes, and of their interaction with seeds. */
function classSquares(
  seedMeans: readonly number[],
  mean: number,
  strata?: Strata,
): { between: number; interaction: number } {
  let between = 0;
  let interaction = 0;
  strata?.rows.forEach((rows, c) => {
    if (rows === 0) return;
    const ofClass = strata.means.map((means) => means[c]!);
    const classMean = meanOf(ofClass);
    between += ofClass.length * rows * (classMean - mean) ** 2;
    ofClass.forEach((value, seed) => {
      interaction += rows *
        (value - seedMeans[seed]! - classMean + mean) ** 2;
    });
  });
  return { between, interaction };
}

/** Exactly 0 where only rounding keeps values from cancelling. */
function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    size += Math.abs(values[i]!);
  }
  return Math.abs(sum) <= ROUNDING * size ? 0 : sum / values.length;
}

function squaresOf(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum;
}
