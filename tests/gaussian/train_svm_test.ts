import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import process from "node:process";
import { loadLibsvm } from "../../src/gaussian/_libsvm.ts";
import { drawCopies } from "../../src/gaussian/draw_copies.ts";
import {
  drawSet,
  type Label,
  type LabelledPoint,
} from "../../src/gaussian/draw_points.ts";
import {
  countCorrect,
  decide,
  trainSvm,
} from "../../src/gaussian/train_svm.ts";

const published = { gamma: 0.5, cost: 1 };

/** Points with as many copies as in the paper, biased to class +1. */
function duplicated(seed: number, copies: number): LabelledPoint[] {
  const points = drawSet(seed, "train", 100);
  const rows = drawCopies(points, copies, {
    seed,
    policy: "biased",
    positiveShare: 0.8,
  });
  return [...points, ...rows.map((row) => points[row]!)];
}

// The problem is convex, so these conditions are not only necessary for the
// optimum (Karush, Kuhn and Tucker) but enough: no other machine is right.
for (const copies of [0, 400]) {
  Deno.test(`trainSvm() with ${copies} copies fulfils the conditions of the optimum within 1e-5`, async () => {
    const points = duplicated(1, copies);
    const svm = await trainSvm(points, published);
    const weights = new Map(
      svm.vectors.map(({ at, coefficient }) => [at.join(), coefficient]),
    );
    const within = 1e-5;
    let balance = 0;
    const kinds = new Set<string>();
    for (const group of Map.groupBy(points, ({ at }) => at.join()).values()) {
      const { at, label } = group[0]!;
      const weight = label * (weights.get(at.join()) ?? 0);
      const most = published.cost * group.length;
      const margin = label * decide(svm, at);
      balance += label * weight;
      assert(weight >= 0 && weight <= most + within);
      if (weight < within) {
        kinds.add("outside");
        assert(margin >= 1 - within);
      } else if (weight > most - within) {
        kinds.add("bound");
        assert(margin <= 1 + within);
      } else {
        kinds.add("free");
        assertAlmostEquals(margin, 1, within);
      }
    }
    assertAlmostEquals(balance, 0, within);
    assertEquals(kinds.size, 3, "every condition was tested");
  });
}

Deno.test("trainSvm() of two points is their known optimum, either label first", async () => {
  // The dual is 2a - a^2 (1 - k), so a is 1 / (1 - k), or C where that is less.
  const k = Math.exp(-0.5 * 2);
  for (const cost of [0.7, 10]) {
    const weight = Math.min(cost, 1 / (1 - k));
    for (const order of [[-1, 1], [1, -1]] as [Label, Label][]) {
      const points = order.map((label): LabelledPoint => ({
        at: label === 1 ? [1, 1] : [0, 0],
        label,
      }));
      const svm = await trainSvm(points, { gamma: 0.5, cost });
      for (const { at, coefficient } of svm.vectors) {
        assertAlmostEquals(coefficient, at[0] === 1 ? weight : -weight, 1e-6);
      }
      assertAlmostEquals(decide(svm, [1, 1]), weight * (1 - k), 1e-6);
      assertAlmostEquals(decide(svm, [0, 0]), -weight * (1 - k), 1e-6);
    }
  }
});

Deno.test("trainSvm() with every point twice is the machine with twice the C", async () => {
  const points = drawSet(4, "train", 30);
  const twice = await trainSvm([...points, ...points], published);
  const stronger = await trainSvm(points, { gamma: 0.5, cost: 2 });
  for (const { at } of drawSet(4, "held-out", 100)) {
    assertAlmostEquals(decide(twice, at), decide(stronger, at), 1e-4);
  }
});

Deno.test("decide() has the sign that LIBSVM itself predicts", async () => {
  const points = duplicated(2, 100);
  const Machine = await loadLibsvm();
  const machine = new Machine({
    type: "0",
    kernel: "2",
    ...published,
    tolerance: 1e-6,
    quiet: true,
    cacheSize: 4,
  });
  machine.train(points.map(({ at }) => at), points.map(({ label }) => label));
  const svm = await trainSvm(points, published);
  const heldOut = drawSet(2, "held-out", 500);
  for (const { at } of heldOut) {
    const value = decide(svm, at);
    // The model file has 6 digits of the bias.
    if (Math.abs(value) < 1e-5) continue;
    assertEquals(value > 0 ? 1 : -1, machine.predictOne(at));
  }
  const right = [-1, 1].map((label) =>
    heldOut.filter((p) =>
      p.label === label && machine.predictOne(p.at) === label
    )
      .length
  );
  assertEquals(countCorrect(svm, heldOut), right as [number, number]);
  machine.free();
});

Deno.test("loadLibsvm() leaves the process as it was", async () => {
  await loadLibsvm();
  assertEquals(typeof self, "object");
  assertEquals(process.listenerCount("unhandledRejection"), 0);
  assertEquals(process.listenerCount("uncaughtException"), 0);
});
