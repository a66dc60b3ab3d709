import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openStream, permutation } from "../../src/core/stream.ts";
import { countPerClass, type Dataset } from "../../src/data/dataset.ts";
import { drawTraining } from "../../src/data/draw_training.ts";
import { holdOut } from "../../src/data/hold_out.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 90,
  limitTest: 20,
  reserve: true,
});

const pixelsOf = ({ pixels, rows }: Dataset["train"], row: number) =>
  pixels.slice(row * pixels.length / rows, (row + 1) * pixels.length / rows);

const sourcesOf = (count: number, seed: number) => [
  ...drawTraining(dataset, { count, seed }).train.sourceRows!,
];

Deno.test("drawTraining() draws a class-balanced subset in the order of the source; the rest comes first in the reserve", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.maxSafeNat(),
      (count, seed) => {
        const { train, reserve, test } = drawTraining(dataset, { count, seed });
        assertEquals(train.rows, count);
        const perClass = countPerClass(train.labels, 10);
        assert(Math.max(...perClass) - Math.min(...perClass) <= 1);
        const kept = [...train.sourceRows!];
        assertEquals(kept, kept.toSorted((a, b) => a - b));
        kept.forEach((source, row) => {
          const from = dataset.train.sourceRows!.indexOf(source);
          assertEquals(train.labels[row], dataset.train.labels[from]);
          assertEquals(pixelsOf(train, row), pixelsOf(dataset.train, from));
        });
        const rest = [...dataset.train.sourceRows!.keys()].filter((row) =>
          !kept.includes(dataset.train.sourceRows![row]!)
        );
        assertEquals(reserve!.rows, rest.length + dataset.reserve!.rows);
        rest.slice(0, 3).forEach((from, row) => {
          assertEquals(reserve!.labels[row], dataset.train.labels[from]);
          assertEquals(pixelsOf(reserve!, row), pixelsOf(dataset.train, from));
        });
        assertEquals(
          reserve!.labels.slice(rest.length),
          dataset.reserve!.labels,
        );
        assertEquals(
          pixelsOf(reserve!, rest.length),
          pixelsOf(dataset.reserve!, 0),
        );
        assertEquals(test, dataset.test);
      },
    ),
    { seed: 17, numRuns: 8 },
  );
});

Deno.test("drawTraining() nests for one seed, and differs between seeds", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      fc.nat(),
      (count, part, seed) => {
        const larger = new Set(sourcesOf(count, seed));
        const smaller = sourcesOf(Math.max(1, Math.round(part * count)), seed);
        assert(smaller.every((source) => larger.has(source)));
      },
    ),
    { seed: 17, numRuns: 100 },
  );
  assert(`${sourcesOf(40, 1)}` !== `${sourcesOf(40, 2)}`);
  assertEquals(sourcesOf(90, 1), [...dataset.train.sourceRows!]);
});

Deno.test("drawTraining() takes the first of a permutation of each class, by the seed of the run", () => {
  const { labels, sourceRows } = dataset.train;
  const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((label) => {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    const order = permutation(
      rows.length,
      openStream(6, "subset", "draw", label),
    );
    return [...order.slice(0, 3)].map((at) => sourceRows![rows[at]!]!);
  });
  assertEquals(sourcesOf(30, 6), expected.toSorted((a, b) => a - b));
});

Deno.test("holdOut() of a drawn set takes images from it", () => {
  const drawn = drawTraining(dataset, { count: 50, seed: 3 });
  const { validation, dataset: rest } = holdOut(drawn, 20);
  assertEquals([rest.train.rows, validation.rows], [30, 20]);
  assertEquals(
    [...rest.train.sourceRows!, ...validation.sourceRows!].sort((a, b) =>
      a - b
    ),
    sourcesOf(50, 3),
  );
  // What is held out is no reserve: fresh images must not be among it.
  assertEquals(rest.reserve!.rows, drawn.reserve!.rows);
});

Deno.test("drawTraining() refuses to draw more than there are, and makes no reserve where none was loaded", () => {
  assertThrows(
    () => drawTraining(dataset, { count: 91, seed: 1 }),
    RangeError,
    '"drawTrain" must be at most 90, the training images of cifar10-mini, got 91',
  );
  const { reserve: _, ...plain } = dataset;
  assertEquals(
    drawTraining(plain, { count: 20, seed: 1 }).reserve,
    undefined,
  );
});
