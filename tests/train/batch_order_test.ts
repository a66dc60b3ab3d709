import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { batchOrder } from "../../src/train/batch_order.ts";

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
    plans.forEach((plan) => assertEquals(plan.pass, plan.epoch));
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
    const passes = Map.groupBy(plans, ({ pass }) => pass);
    for (const [pass, group] of passes) {
      const slots = group.flatMap((p) => [...p.slots]);
      assertEquals(new Set(slots).size, slots.length, "once in a pass");
      if (pass < passes.size - 1) assertEquals(slots.length, o.slots);
    }
  }));
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
