import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { planShard } from "../../src/sweep/plan_shard.ts";

const study = parseStudy({
  name: "shards",
  ratios: [0],
  seeds: Array.from({ length: 40 }, (_, seed) => seed),
});
/** Real cells; what they cost is up to each test. */
const cells = planCells(study, "wasm");

/** Some cells, each with a cost, and shards that are no more than these. */
const divisions = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 10 }),
    fc.double({ min: 1e-3, max: 1e12, noNaN: true }),
  ),
  { minLength: 1, maxLength: cells.length },
).chain((values) =>
  fc.record({
    values: fc.constant(values),
    count: fc.integer({ min: 1, max: values.length }),
  })
);

function divide({ values, count }: { values: number[]; count: number }) {
  const all = cells.slice(0, values.length);
  const costs = new Map(all.map(({ id }, i) => [id, values[i]!]));
  const shards = Array.from(
    { length: count },
    (_, i) => planShard(all, costs, { index: i + 1, count }),
  );
  const loads = shards.map((shard) =>
    shard.reduce((sum, { id }) => sum + costs.get(id)!, 0)
  );
  return { all, costs, shards, loads };
}

Deno.test("planShard() puts every cell into exactly one shard, and none is empty", () => {
  fc.assert(fc.property(divisions, (division) => {
    const { all, shards } = divide(division);
    const ids = shards.flatMap((shard) => shard.map(({ id }) => id));
    assertEquals(ids.sort(), all.map(({ id }) => id).sort());
    for (const shard of shards) assert(shard.length > 0);
  }));
});

Deno.test("planShard() keeps the order of the study in every shard", () => {
  fc.assert(fc.property(divisions, (division) => {
    const { all, shards } = divide(division);
    for (const shard of shards) {
      assertEquals(shard, all.filter((cell) => shard.includes(cell)));
    }
  }));
});

Deno.test("planShard() depends on costs, not on the order of the cells", () => {
  fc.assert(fc.property(divisions, (division) => {
    const { all, costs, shards } = divide(division);
    const { count } = division;
    const backwards = planShard([...all].reverse(), costs, { index: 1, count });
    assertEquals(backwards.reverse(), shards[0]);
  }));
});

Deno.test("planShard() loads no shard above (4/3 - 1/3m) of the best division (Graham 1969)", () => {
  // Few enough cells that the best division is found by trying all of them.
  const small = fc.array(fc.integer({ min: 1, max: 20 }), {
    minLength: 2,
    maxLength: 8,
  }).chain((values) =>
    fc.record({
      values: fc.constant(values),
      count: fc.integer({ min: 2, max: Math.min(3, values.length) }),
    })
  );
  fc.assert(fc.property(small, (division) => {
    const { values, count } = division;
    const most = Math.max(...divide(division).loads);
    const bound = 4 / 3 - 1 / (3 * count);
    assert(most <= bound * leastMost(values, Array(count).fill(0)) + 1e-9);
  }));
});

/** The least that the fullest of some shards can have, by trying everything. */
function leastMost([first, ...rest]: number[], loads: number[]): number {
  if (first === undefined) return Math.max(...loads);
  return Math.min(
    ...loads.map((_, i) =>
      leastMost(rest, loads.map((load, j) => i === j ? load + first : load))
    ),
  );
}

Deno.test("planShard() reaches the bound where Graham's example does", () => {
  // Two shards, costs 3 3 2 2 2: best 6 and 6, longest first 7 and 5.
  const { loads } = divide({ values: [3, 3, 2, 2, 2], count: 2 });
  assertEquals(loads.sort(), [5, 7]);
});

Deno.test("planShard() refuses a shard outside the study, in one line", () => {
  const costs = new Map(cells.map(({ id }) => [id, 1]));
  for (
    const [shard, fault] of [
      [
        { index: 3, count: 2 },
        'The first number of "shard" must be from 1 to 2, got "3/2"',
      ],
      [
        { index: 1, count: 41 },
        'The second number of "shard" must be at most 40, the cells of the study, got "1/41"',
      ],
    ] as const
  ) {
    assertThrows(() => planShard(cells, costs, shard), UsageError, fault);
  }
});

Deno.test("planShard() gives as many shards as seeds one seed each, where seeds cost the same", () => {
  const seeds = [1, 2, 3, 4, 5];
  const cells = planCells(
    parseStudy({
      name: "seeds",
      policy: ["uniform", "single-class"],
      class: 0,
      ratios: [0, 0.5, 1],
      seeds,
    }),
    "wasm",
  );
  // What a cell costs depends on all but its seed.
  const costs = new Map(cells.map(({ id, config: { duplication: d } }) => [
    id,
    1 + d.ratio / 3 + d.policy.length / 7,
  ]));
  for (const [i, seed] of seeds.entries()) {
    const shard = planShard(cells, costs, { index: i + 1, count: 5 });
    assertEquals(shard, cells.filter(({ config }) => config.seed === seed));
  }
});

Deno.test("planShard() refuses numbers that are no counts, which would give no cells", () => {
  const costs = new Map(cells.map(({ id }) => [id, 1]));
  for (
    const [index, count] of [[0, 2], [1.5, 2], [NaN, 2], [1, 0], [1, NaN]]
  ) {
    assertThrows(
      () => planShard(cells, costs, { index: index!, count: count! }),
      UsageError,
      `got "${index}/${count}"`,
    );
  }
});
