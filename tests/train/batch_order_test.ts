import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  batchOrder,
  countSteps,
  smallestBatch,
} from "../../src/train/batch_order.ts";

const options = fc.record({
  slots: fc.integer({ min: 1, max: 60 }),
  originalRows: fc.integer({ min: 1, max: 60 }),
  batch: fc.integer({ min: 1, max: 70 }),
  epochs: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
});

Deno.test("batchOrder() under epochs visits every slot once per epoch", () => {
  fc.assert(fc.property(options, (o) => {
    const plans = [...batchOrder({ ...o, budget: "epochs" })];
    for (let epoch = 0; epoch < o.epochs; epoch++) {
      const seen = plans.filter((p) => p.epoch === epoch)
        .flatMap((p) => [...p.slots]).sort((a, b) => a - b);
      assertEquals(seen, [...Array(o.slots).keys()]);
    }
    plans.forEach(({ passes, epoch }) =>
      assertEquals([...new Set(passes)], [epoch])
    );
  }));
});

Deno.test("batchOrder() under steps takes as many steps as one pass over the originals", () => {
  fc.assert(fc.property(options, (o) => {
    const plans = [...batchOrder({ ...o, budget: "steps" })];
    const perEpoch = Math.ceil(o.originalRows / o.batch);
    assertEquals(plans.length, o.epochs * perEpoch);
    plans.forEach((plan, step) => {
      assertEquals(plan.step, step);
      assertEquals(plan.epoch, Math.floor(step / perEpoch));
    });
    const passes = Map.groupBy(plans, ({ passes }) => passes[0]!);
    for (const [pass, group] of passes) {
      const slots = group.flatMap((p) => [...p.slots]);
      assertEquals(new Set(slots).size, slots.length, "once in a pass");
      if (pass < passes.size - 1) assertEquals(slots.length, o.slots);
    }
  }));
});

Deno.test("countSteps() is the number of batches that batchOrder() lists", () => {
  fc.assert(
    fc.property(
      options,
      fc.constantFrom("steps", "epochs"),
      fc.constantFrom("full", "partial-last", undefined),
      (o, budget, batching) => {
        const order = { ...o, budget, batching };
        assertEquals(countSteps(order), [...batchOrder(order)].length);
      },
    ),
  );
});

Deno.test("smallestBatch() is the size of the smallest batch that batchOrder() lists", () => {
  fc.assert(
    fc.property(
      options,
      fc.constantFrom("steps", "epochs"),
      fc.constantFrom("full", "partial-last", undefined),
      (o, budget, batching) => {
        const order = { ...o, budget, batching };
        const sizes = Array.from(
          batchOrder(order),
          ({ slots }) => slots.length,
        );
        assertEquals(smallestBatch(order), Math.min(...sizes));
      },
    ),
  );
});

Deno.test("batchOrder() gives the last batch of a pass the remaining slots", () => {
  const sizes = [...batchOrder({
    slots: 10,
    originalRows: 10,
    batch: 4,
    epochs: 2,
    budget: "epochs",
    seed: 0,
  })].map(({ slots }) => slots.length);
  assertEquals(sizes, [4, 4, 2, 4, 4, 2]);
});

Deno.test("batchOrder() shuffles each pass and each seed differently", () => {
  const orders = [0, 1].flatMap((seed) =>
    [...batchOrder({
      slots: 20,
      originalRows: 20,
      batch: 20,
      epochs: 2,
      budget: "epochs",
      seed,
    })].map(({ slots }) => slots.join())
  );
  assertEquals(new Set(orders).size, 4);
});

Deno.test("batchOrder() full batches visit every slot once per pass, in equal batches", () => {
  fc.assert(
    fc.property(options, fc.constantFrom("steps", "epochs"), (o, budget) => {
      const plans = [...batchOrder({ ...o, budget, batching: "full" })];
      const length = budget === "steps" ? o.originalRows : o.slots;
      const batch = Math.min(o.batch, length);
      assertEquals(plans.length, Math.floor(o.epochs * length / batch));
      plans.forEach(({ step, slots, passes, epoch }, at) => {
        assertEquals([step, slots.length, passes.length], [at, batch, batch]);
        assertEquals(epoch < o.epochs, true);
      });
      // In the order of visits each pass is a permutation, but for the last.
      const visits = plans.flatMap(({ slots, passes }) =>
        [...slots].map((slot, i) => [passes[i]!, slot] as const)
      );
      visits.forEach(([pass], at) =>
        assertEquals(pass, Math.floor(at / o.slots))
      );
      for (const [, group] of Map.groupBy(visits, ([pass]) => pass)) {
        assertEquals(new Set(group.map(([, s]) => s)).size, group.length);
      }
    }),
  );
});

Deno.test("batchOrder() full batches give all ratios the same images under steps", () => {
  const images = [641, 962, 1282].map((slots) =>
    [...batchOrder({
      slots,
      originalRows: 641,
      batch: 128,
      batching: "full",
      epochs: 7,
      budget: "steps",
      seed: 1,
    })].map(({ slots, epoch }) => [epoch, slots.length])
  );
  assertEquals(images[1], images[0]);
  assertEquals(images[2], images[0]);
});
