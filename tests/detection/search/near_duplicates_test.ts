import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { openStream } from "../../../src/core/stream.ts";
import { loadCifar10Mini } from "../../../src/data/cifar10_mini.ts";
import {
  bitCount,
  maxHashDistance,
} from "../../../src/detection/search/hash_index.ts";
import {
  findNearPairs,
  type NearPair,
} from "../../../src/detection/search/near_duplicates.ts";
import { hashImages } from "../../../src/detection/search/perceptual_hash.ts";
import { type NearKind, nearKindNames } from "../../../src/spec/axes/copies.ts";
import { planNearCopies } from "../../../src/duplication/plan_near_copies.ts";
import { slowTest } from "../../slow.ts";
import { reencode } from "../../data/_reencode.ts";
import {
  allPoses,
  changed,
  concat,
  fittedDifference,
  imageAt,
  imagesOf,
  overlap,
  shape,
  size,
} from "../_images.ts";

const { train, test } = await loadCifar10Mini();
const image = (row: number) => imageAt(train, row);

/** Some images, and a changed copy of every third. */
async function planted(rows: number): Promise<Uint8Array> {
  const changes = planNearCopies(rows, {
    seed: 5,
    kinds: ["flip", "shift", "brightness"],
  });
  const copies = await Promise.all(
    changes.flatMap((change, row) =>
      row % 3 === 0 ? [changed(image(row), change)] : []
    ),
  );
  return concat(train.pixels.subarray(0, rows * size), ...copies);
}

/** Every pair in every pose, by the definition, without an index. */
function bruteForce(
  pixels: Uint8Array,
  options: { mirrored: boolean; maxDifference: number },
): NearPair[] {
  const { rows } = imagesOf(pixels);
  const of = (row: number) => pixels.subarray(row * size, (row + 1) * size);
  const { low, high } = hashImages(imagesOf(pixels), shape);
  const mirror = hashImages(
    imagesOf(concat(...Array.from({ length: rows }, (_, row) => {
      const flipped = new Uint8Array(size);
      of(row).forEach((byte, i) => {
        const [y, x, c] = [Math.floor(i / 96), Math.floor(i / 3) % 32, i % 3];
        flipped[(y * 32 + 31 - x) * 3 + c] = byte;
      });
      return flipped;
    }))),
    shape,
  );
  const pairs: NearPair[] = [];
  for (let second = 0; second < rows; second++) {
    for (let first = 0; first < second; first++) {
      let least = Infinity;
      for (const pose of allPoses(options.mirrored)) {
        const hashes = pose.mirrored ? mirror : { low, high };
        const at = second * 25 + (2 - pose.down) * 5 + 2 - pose.right;
        const centre = first * 25 + 12;
        const bits = bitCount(hashes.low[at]! ^ low[centre]!) +
          bitCount(hashes.high[at]! ^ high[centre]!);
        if (bits > maxHashDistance) continue;
        const [a, b] = overlap(of(second), of(first), pose);
        least = Math.min(least, fittedDifference(a, b));
      }
      if (least <= options.maxDifference) {
        pairs.push({ first, second, difference: least });
      }
    }
  }
  return pairs;
}

const rounded = (pairs: NearPair[]) =>
  pairs.map((pair) => ({
    ...pair,
    difference: Math.round(pair.difference * 1e6) / 1e6,
  }));

for (const mirrored of [false, true]) {
  // A loose limit, so that there are enough pairs besides the planted ones.
  for (const maxDifference of [0.31, 0.9]) {
    Deno.test(`findNearPairs() finds what comparing all pairs finds, mirrored ${mirrored}, limit ${maxDifference}`, async () => {
      const pixels = await planted(150);
      const options = { mirrored, maxDifference };
      const found = await findNearPairs(imagesOf(pixels), shape, options);
      assert(found.length >= 30, `${found.length} pairs`);
      assertEquals(rounded(found), rounded(bruteForce(pixels, options)));
    });
  }
}

Deno.test("bitCount() counts the bits of any word", () => {
  const stream = openStream(1, "shuffle", "bits");
  for (let i = 0; i < 1000; i++) {
    const word = stream.below(2 ** 32);
    const ones = word.toString(2).replaceAll("0", "").length;
    assertEquals(bitCount(word), ones);
    assertEquals(bitCount(word | 0), ones);
  }
});

/** Copies of every sixth training image, 300 in all, that differ in a kind. */
async function copiesOf(kind: NearKind): Promise<Uint8Array> {
  const originals = concat(
    ...Array.from({ length: 300 }, (_, i) => image(i * 6)),
  );
  if (kind === "jpeg") return await reencode(originals, 50);
  const changes = planNearCopies(300, { seed: 3, kinds: [kind] });
  return concat(
    ...await Promise.all(
      changes.map((change, i) => changed(image(i * 6), change)),
    ),
  );
}

/** Kinds that the quick tests search for. */
const quickKinds: readonly NearKind[] = ["flip"];

for (const kind of nearKindNames) {
  const testKind = quickKinds.includes(kind) ? Deno.test : slowTest;
  testKind(
    `findNearPairs() finds 95 % of planted copies of kind ${kind} among 3,000 images, and nothing else`,
    async () => {
      const images = imagesOf(
        concat(train.pixels, test.pixels, await copiesOf(kind)),
      );
      const mirrored = kind === "flip";
      const pairs = await findNearPairs(images, shape, { mirrored });
      const isPlanted = ({ first, second }: NearPair) =>
        second >= 3000 && first === (second - 3000) * 6;
      const right = pairs.filter(isPlanted).length;
      assert(right >= 285, `${right} of 300 found`);
      // Images 222 and 898 are near duplicates in CIFAR-10 itself: 222 has a copy as well.
      const others = pairs.filter((pair) => !isPlanted(pair))
        .map(({ first, second }) => `${first} ${second}`);
      const known = new Set(["222 898", "898 3037"]);
      assertEquals(others.filter((pair) => !known.has(pair)), []);
    },
  );
}

Deno.test("findNearPairs() of grey images finds the same whether channels repeat or not", async () => {
  const pixels = await planted(100);
  const grey = pixels.filter((_, i) => i % 3 === 1);
  const repeated = Uint8Array.from(pixels, (_, i) => grey[Math.floor(i / 3)]!);
  const options = { maxDifference: 0.6 };
  const labels = new Uint8Array(grey.length / 1024);
  const single = { pixels: grey, labels, rows: labels.length };
  const found = await findNearPairs(single, [32, 32, 1], options);
  assert(found.length >= 20, `${found.length} pairs`);
  assertEquals(
    rounded(await findNearPairs(imagesOf(repeated), shape, options)),
    rounded(found),
  );
  // By the definition with three channels, without the code that merges them.
  assertEquals(
    rounded(found),
    rounded(bruteForce(repeated, { mirrored: false, ...options })),
  );
});

Deno.test("findNearPairs() reports its progress up to 1, which grows at each report", async () => {
  const shares: number[] = [];
  await findNearPairs(train, shape, {
    onProgress: (share) => void shares.push(share),
  });
  assertEquals(shares.at(-1), 1);
  assert(shares.length >= 25 && shares[0]! > 0, "it reports often");
  assertEquals(shares, [...new Set(shares)].sort((a, b) => a - b));
});

Deno.test("findNearPairs() finds nothing among no image or one", async () => {
  assertEquals(await findNearPairs(imagesOf(new Uint8Array()), shape), []);
  assertEquals(await findNearPairs(imagesOf(image(0)), shape), []);
});

Deno.test("findNearPairs() refuses a difference outside [0, 1]", async () => {
  await assertRejects(
    () => findNearPairs(imagesOf(image(0)), shape, { maxDifference: 2 }),
    RangeError,
    '"maxDifference" must be in [0, 1], got 2',
  );
});

slowTest(
  "findNearPairs() says so where more pairs are nearly equal than it can hold",
  async () => {
    // All of one grey: 5,794 * 5,793 / 2 pairs are just above 2^24.
    const rows = 5794;
    await assertRejects(
      () =>
        findNearPairs({ pixels: new Uint8Array(rows * 11 * 11), rows }, [
          11,
          11,
          1,
        ]),
      UsageError,
      "More than 16,777,216 pairs of images are nearly equal",
    );
  },
);
