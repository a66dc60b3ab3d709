/**
 * The crossed test against least squares, against simulations of its model, and
 * in degenerate layouts.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { testCrossed } from "../../src/analysis/crossed_test.ts";
import { testMean } from "../../src/analysis/paired_test.ts";
import { openStream } from "../../src/core/stream.ts";

/** Rows of classes, and means of the values by class. */
function strataOf(values: readonly Float64Array[], classes: readonly number[]) {
  const rows = Array<number>(Math.max(...classes) + 1).fill(0);
  classes.forEach((c) => rows[c]!++);
  const means = values.map((one) => {
    const sums = rows.map(() => 0);
    one.forEach((value, i) => sums[classes[i]!]! += value);
    return sums.map((sum, c) => rows[c] === 0 ? 0 : sum / rows[c]!);
  });
  return { rows, means };
}

function testOf(values: readonly number[][], classes?: readonly number[]) {
  const arrays = values.map((one) => Float64Array.from(one));
  return testCrossed([{
    values: arrays,
    strata: classes && strataOf(arrays, classes),
  }])!;
}

/** Three seeds, eight images of two classes: digits of pi, e and the root of 2. */
const digits = [
  [3, 1, 4, 1, 5, 9, 2, 6],
  [2, 7, 1, 8, 2, 8, 1, 8],
  [1, 4, 1, 4, 2, 1, 3, 5],
];
const classes = [0, 0, 0, 1, 1, 1, 1, 1];

/**
 * Mean squares as differences of residual sums of squares between nested linear
 * models, each fitted by numpy.linalg.lstsq on indicator columns (NumPy 2.4.6):
 * seeds: rss([1, class]) - rss([1, class, seed]); images: rss([1, class]) -
 * rss([1, class, image]); the rest: rss([1, seed, image, seed x class]); without
 * classes the columns of class are left out. Divided by degrees of freedom and by
 * 24; then max(seeds - rest, 0) + max(images - rest, 0) + rest and Satterthwaite's
 * degrees of freedom, and scipy.stats.t.interval and t.sf (SciPy 1.17.1).
 */
const expected = [
  {
    classes: undefined,
    seed: 0.3402777777777774,
    image: 0.39062499999999983,
    error: 0.6913223468842785,
    df: 2.7106940132142823,
    interval: [1.3692456686093242, 6.047420998057342],
    p: 0.016360966038798577,
  },
  {
    classes,
    seed: 0.34027777777777796,
    image: 0.3472222222222223,
    error: 0.6298882910955398,
    df: 1.8512666324142457,
    interval: [0.7784073676837746, 6.638259298982892],
    p: 0.03300237563423192,
  },
];

for (const { classes, seed, image, ...facts } of expected) {
  Deno.test(`testCrossed() gives the mean squares of nested linear models, ${classes ? "with" : "without"} classes`, () => {
    const test = testOf(digits, classes);
    assertAlmostEquals(test.mean, 89 / 24, 1e-12);
    assertAlmostEquals(test.seedError, Math.sqrt(seed), 1e-12);
    assertAlmostEquals(test.imageError, Math.sqrt(image), 1e-12);
    assertAlmostEquals(test.error, facts.error, 1e-12);
    assertAlmostEquals(test.df, facts.df, 1e-10);
    assertAlmostEquals(test.interval[0], facts.interval[0]!, 1e-9);
    assertAlmostEquals(test.interval[1], facts.interval[1]!, 1e-9);
    assertAlmostEquals(test.p, facts.p, 1e-12);
    assertEquals([test.seeds, test.images], [3, 8]);
  });
}

Deno.test("testCrossed() counts a component of seeds that is estimated below 0 as 0", () => {
  // Seeds have equal means, but not on each image: MS_seed is 0 and MS_rest is not.
  const values = [[4, 0, 2, 2], [0, 4, 2, 2], [2, 2, 2, 2]];
  const { seedError, imageError, error, mean } = testOf(values);
  assertEquals([mean, seedError, imageError], [2, 0, 0]);
  // The rest: 16 over 2 x 3 degrees of freedom and 12 values.
  assertAlmostEquals(error, Math.sqrt(16 / 6 / 12), 1e-12);
});

/** Standard normal numbers (Box and Muller 1958). */
function normals(seed: number) {
  const stream = openStream(seed, "analysis", "crossed");
  return () =>
    Math.sqrt(-2 * Math.log(1 - stream.uniform())) *
    Math.cos(2 * Math.PI * stream.uniform());
}

/** Share of simulated layouts whose interval has the true mean. */
function coverage(
  {
    seeds,
    images,
    perClass,
    deviations: [ofSeed, ofImage, ofRest],
    draw,
    runs,
  }: {
    seeds: number;
    images: number;
    /** Means of the classes; images are shared out equally. */
    perClass: readonly number[];
    deviations: readonly [seed: number, image: number, rest: number];
    draw: () => number;
    runs: number;
  },
): { crossed: number; seedsOnly: number; unstratified: number } {
  const truth = perClass.reduce((sum, x) => sum + x, 0) / perClass.length;
  const ofClass = Array.from(
    { length: images },
    (_, i) => i % perClass.length,
  );
  const covered = { crossed: 0, seedsOnly: 0, unstratified: 0 };
  const has = ([low, high]: readonly [number, number]) =>
    Number(low <= truth && truth <= high);
  for (let run = 0; run < runs; run++) {
    const image = ofClass.map((c) => perClass[c]! + ofImage * draw());
    const values = Array.from({ length: seeds }, () => {
      const seed = ofSeed * draw();
      return image.map((value) => value + seed + ofRest * draw());
    });
    covered.crossed += has(testOf(values, ofClass).interval);
    covered.unstratified += has(testOf(values).interval);
    const means = values.map((one) =>
      one.reduce((sum, x) => sum + x, 0) / images
    );
    covered.seedsOnly += has(testMean(means).interval!);
  }
  return {
    crossed: covered.crossed / runs,
    seedsOnly: covered.seedsOnly / runs,
    unstratified: covered.unstratified / runs,
  };
}

const layouts = [
  ["one class, seeds and images of like weight", [0], [0.15, 1, 1]],
  ["one class, mostly seeds", [0], [0.5, 1, 1]],
  ["five classes far apart", [-4, -2, 0, 1, 5], [0.15, 1, 1]],
] as const;
layouts.forEach(([name, perClass, deviations], i) => {
  Deno.test(`testCrossed() covers the true mean in 93 to 97 % of layouts: ${name}`, () => {
    const found = coverage({
      seeds: 8,
      images: 100,
      perClass,
      deviations,
      draw: normals(i + 1),
      runs: 2000,
    });
    assert(found.crossed > 0.93 && found.crossed < 0.97, `${found.crossed}`);
    // What is tested here can fail: seeds alone know nothing of the images, and
    // without classes what they differ in counts as an error.
    if (deviations[0] < 0.5) assert(found.seedsOnly < 0.9);
    if (perClass.length > 1) assert(found.unstratified > 0.99);
  });
});

Deno.test("testCrossed() covers the mean of two data sets in 93 to 97 % of layouts", () => {
  const draw = normals(9);
  let covered = 0;
  const runs = 2000;
  for (let run = 0; run < runs; run++) {
    // The first has 40 images, the second 160, of which each counts a quarter.
    const seeds = Array.from({ length: 8 }, () => 0.1 * draw());
    const samples = [40, 160].map((images) => {
      const image = Array.from({ length: images }, () => draw());
      return {
        values: seeds.map((seed) =>
          Float64Array.from(image, (v) => (v + seed + draw()) / 2)
        ),
      };
    });
    const [low, high] = testCrossed(samples)!.interval;
    if (low <= 0 && 0 <= high) covered++;
  }
  assert(covered / runs > 0.93 && covered / runs < 0.97, `${covered / runs}`);
});

Deno.test("testCrossed() of several data sets is the sum of independent parts", () => {
  const other = [[1, 5, 2, 9, 3], [2, 2, 4, 1, 1], [0, 3, 3, 7, 5]];
  const parts = [digits, other].map((values) => ({
    values: values.map((one) => Float64Array.from(one)),
  }));
  const [first, second] = parts.map((part) => testCrossed([part])!);
  const both = testCrossed(parts)!;
  assertEquals(both.images, 13);
  assertAlmostEquals(both.mean, first!.mean + second!.mean, 1e-12);
  assertAlmostEquals(
    both.imageError,
    Math.hypot(first!.imageError, second!.imageError),
    1e-12,
  );
  // The same seeds: their means add up first.
  const sums = digits.map((one, s) =>
    one.reduce((a, b) => a + b) / 8 + other[s]!.reduce((a, b) => a + b) / 5
  );
  assertAlmostEquals(both.seedError, testMean(sums).sd / Math.sqrt(3), 1e-12);
});

Deno.test("testCrossed() moves with all values, and scales with them", () => {
  for (const strata of [undefined, classes]) {
    const one = testOf(digits, strata);
    const moved = testOf(digits.map((of) => of.map((v) => v + 1000)), strata);
    assertAlmostEquals(moved.mean, one.mean + 1000, 1e-9);
    assertAlmostEquals(moved.error, one.error, 1e-9);
    assertAlmostEquals(moved.df, one.df, 1e-8);
    const scaled = testOf(digits.map((of) => of.map((v) => -3e-5 * v)), strata);
    assertAlmostEquals(scaled.error / 3e-5, one.error, 1e-9);
    assertAlmostEquals(scaled.p, one.p, 1e-9);
    assertAlmostEquals(scaled.interval[0] / -3e-5, one.interval[1], 1e-9);
  }
});

Deno.test("testCrossed() of equal values has no error, and p 0 or 1", () => {
  const equal = (value: number) =>
    testOf(Array(4).fill(Array(6).fill(value)), [0, 0, 0, 1, 1, 1]);
  const { mean, error, interval, p, detectable } = equal(0.1 + 0.2);
  assertEquals([error, p, detectable], [0, 0, 0]);
  assertEquals(interval, [mean, mean]);
  assertEquals([equal(0).p, equal(0).mean], [1, 0]);
});

Deno.test("testCrossed() is the test over seeds where images do not differ", () => {
  const seeds = [1.5, -0.25, 3, 2, 0.75];
  const { error, df, interval, p } = testOf(
    seeds.map((v) => Array(50).fill(v)),
  );
  const alone = testMean(seeds);
  assertAlmostEquals(error, alone.sd / Math.sqrt(5), 1e-12);
  assertAlmostEquals(df, 4, 1e-9);
  assertAlmostEquals(interval[0], alone.interval![0], 1e-9);
  assertAlmostEquals(p, alone.p!, 1e-12);
});

Deno.test("testCrossed() is a t test of images where seeds do not differ", () => {
  const images = [0, 0, 1, 0, -1, 1, 1, 0, 1, 1];
  const { error, df, interval } = testOf(Array(3).fill(images));
  const alone = testMean(images);
  assertAlmostEquals(error, alone.sd / Math.sqrt(10), 1e-12);
  assertAlmostEquals(df, 9, 1e-9);
  assertAlmostEquals(interval[1], alone.interval![1], 1e-9);
});

Deno.test("testCrossed() is null for one seed, no data, and classes of one image", () => {
  const values = [Float64Array.of(1, 2), Float64Array.of(2, 4)];
  assertEquals(testCrossed([]), null);
  assertEquals(testCrossed([{ values: values.slice(1) }]), null);
  assertEquals(
    testCrossed([{ values, strata: strataOf(values, [0, 1]) }]),
    null,
  );
  // A class without test images does not count.
  const strata = { rows: [2, 0], means: [[1.5, 0], [3, 0]] };
  assertEquals(testCrossed([{ values, strata }])!.images, 2);
});
