import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";

/** What the images of a crossed test are sampled from. */
export interface Strata {
  /** Images of each class, shape `[classes]`; those without images do not count. */
  readonly rows: readonly number[];
  /** Mean of the values of each class, for each seed, shape `[seeds][classes]`. */
  readonly means: readonly (readonly number[])[];
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
  /** Mean over seeds and images. */
  mean: number;
  /** Standard error over seeds, for these test images. */
  seedError: number;
  /** What the choice of test images adds to it, by squares. */
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
 * (MS_seed + MS_image - MS_rest) / (seeds x images), an estimate below that of
 * seeds alone being replaced by it (Searle, Casella and McCulloch 1992, sec. 4.5);
 * degrees of freedom are Satterthwaite's (1946, Biometrics Bull. 2).
 *
 * @param values One list of finite values per seed, shape `[seeds][images]`.
 * @param strata Classes of the images; default: one class, whose interval is the
 * wider one.
 * @returns `null` for fewer than 2 seeds, or where no class has 2 images.
 */
export function testCrossed(
  values: readonly Float64Array[],
  strata?: Strata,
): CrossedTest | null {
  const seeds = values.length;
  const images = values[0]?.length ?? 0;
  const classes = strata?.rows.filter((rows) => rows > 0).length ?? 1;
  if (seeds < 2 || images <= classes) return null;
  const seedMeans = values.map(meanOf);
  const mean = meanOf(seedMeans);
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
  const ofSeeds = images * squaresOf(seedMeans, mean);
  const ofImages = seeds * squaresOf(imageMeans, mean);
  const { between, interaction } = classSquares(seedMeans, mean, strata);
  // What classes have in common is no error of sampling within them.
  const within = ofImages - between;
  const rest = total - ofSeeds - ofImages - interaction;
  const freedom = {
    seed: seeds - 1,
    image: images - classes,
    rest: (seeds - 1) * (images - classes),
  };
  const count = seeds * images;
  const tiny = (ROUNDING * most) ** 2 * count;
  const square = (sum: number, df: number) => sum <= tiny ? 0 : sum / df;
  const ms = {
    seed: square(ofSeeds, freedom.seed),
    image: square(within, freedom.image),
    rest: square(rest, freedom.rest),
  };
  const excess = Math.max(0, ms.image - ms.rest);
  const variance = (ms.seed + excess) / count;
  const parts = ms.seed ** 2 / freedom.seed +
    (excess > 0
      ? ms.image ** 2 / freedom.image + ms.rest ** 2 / freedom.rest
      : 0);
  const df = parts === 0 ? freedom.seed : (variance * count) ** 2 / parts;
  const error = Math.sqrt(variance);
  const reach = tQuantile((1 + CONFIDENCE) / 2, df);
  return {
    seeds,
    images,
    mean,
    seedError: Math.sqrt(ms.seed / count),
    imageError: Math.sqrt(excess / count),
    error,
    df,
    interval: [mean - reach * error, mean + reach * error],
    p: error === 0 ? Number(mean === 0) : 2 * tCdf(-Math.abs(mean) / error, df),
    detectable: (reach + tQuantile(POWER, df)) * error,
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

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function squaresOf(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum;
}
