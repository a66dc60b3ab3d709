import { assertEquals, assertMatch } from "@std/assert";
import {
  imageTimeSpread,
  unevenLoadOf,
} from "../../src/analysis/uneven_load.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { finishedCell, provenance } from "../results/finished_cell.ts";

/** A set whose cells take so many milliseconds per image, ratio by ratio. */
function setOf(msPerImage: number[], images = (_: number) => 100): ResultSet {
  return {
    study: { name: "timed" },
    provenance,
    cells: msPerImage.map((ms, i) => {
      const cell = finishedCell(i);
      const epochs = [9 * ms, ms, ms].map((each) => ({
        dataMs: 0,
        attackMs: 0,
        updateMs: each * images(i),
        totalMs: each * images(i),
      }));
      return {
        ...cell,
        outcome: {
          ...cell.outcome,
          epochs: epochs.map(() => ({ loss: 1, images: images(i), steps: 1 })),
        },
        timing: { ...cell.timing, epochs },
      };
    }),
  } as unknown as ResultSet;
}

Deno.test("unevenLoadOf() finds nothing where the time per image is equal, whatever the number of images", () => {
  assertEquals(unevenLoadOf(setOf([2, 2.1, 2.2, 2], (i) => 100 * (i + 1))), []);
  assertEquals(unevenLoadOf(setOf([])), []);
});

Deno.test("unevenLoadOf() finds cells during which something else ran", () => {
  const times = Array.from({ length: 20 }, (_, i) => i < 10 ? 2 : 3);
  const [line] = unevenLoadOf(setOf(times));
  assertMatch(
    line!,
    /^timed: the time per image differs by a factor of 1\.5 between cells/,
  );
});

Deno.test("imageTimeSpread() takes the group that spreads most, and leaves a tenth out at each end", () => {
  const of = (times: number[], batch: number) =>
    setOf(times).cells.map((cell) => ({
      ...cell,
      config: { ...cell.config, batch },
    })) as FinishedCell[];
  const even = of([5, 5], 32);
  const uneven = of([1, 2, 2, 2, 2, 2, 2, 2, 3, 9], 64);
  assertEquals(imageTimeSpread([...even, ...uneven]), 1.5);
  assertEquals(imageTimeSpread(even), 1);
  assertEquals(imageTimeSpread([]), 1);
});

Deno.test("unevenLoadOf() ignores one slow cell in twenty", () => {
  const times = Array.from({ length: 20 }, (_, i) => i === 0 ? 9 : 2);
  assertEquals(unevenLoadOf(setOf(times)), []);
});

Deno.test("unevenLoadOf() does not blame the load of one machine where cells are of earlier sets or ran on several", () => {
  const times = Array.from({ length: 20 }, (_, i) => i < 10 ? 2 : 3);
  const set = setOf(times);
  const digest = "0".repeat(64);
  const reasonOf = (more: Partial<ResultSet>) =>
    /: ([^:]*)$/.exec(unevenLoadOf({ ...set, ...more })[0]!)![1];
  const several =
    "they are of 2 runs, and differences in time of that size may be due to other machines or another load";
  const cells = set.cells.slice(0, 10).map(({ id }) => id);
  assertEquals(
    reasonOf({ reused: [{ digest, cells, runs: [provenance] }] }),
    several,
  );
  const partsOn = (...cpus: string[]) =>
    cpus.map((cpu) => ({ digest, provenance: { ...provenance, cpu } }));
  assertEquals(reasonOf({ parts: partsOn("one", "other") }), several);
  assertEquals(
    reasonOf({ parts: partsOn("one", "one") }),
    "the load of the machine was uneven, and differences in time of that size may be due to it",
  );
});
