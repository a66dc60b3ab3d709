/** Functions of the library that need at least one file or set. */
import { assertRejects } from "@std/assert";
import {
  analyse,
  compareBenches,
  compareResultSets,
  defaultTolerance,
  makeReport,
  mergeProvenance,
  mergeResultSets,
} from "../../mod.ts";
import { edited } from "../verify/_frozen.ts";

const set = edited(() => {});
const { provenance } = set;
const tolerance = defaultTolerance;

Deno.test("requireSome() the functions that take several sets refuse an empty list, and name it", async () => {
  const calls: [string, () => unknown][] = [
    ["sets", () => analyse([])],
    ["sets", () => makeReport([])],
    ["parts", () => mergeResultSets([], provenance)],
    ["parts", () => mergeProvenance([])],
    ["inputs", () => compareResultSets([], { tolerance, common: false })],
    ["inputs", () => compareBenches([], { common: false })],
  ];
  for (const [name, call] of calls) {
    await assertRejects(
      async () => await call(),
      RangeError,
      `"${name}" must have at least one entry, got none`,
    );
  }
});

Deno.test("compareResultSets() refuses a tolerance with which every outcome would be different, or none", async () => {
  const inputs = ["a", "b"].map((path) => ({ path, set }));
  const wrong: [string, object][] = [
    ['"loss"', { loss: NaN }],
    ['"loss"', { loss: -1 }],
    ['"agreement"', { agreement: NaN }],
    ['"agreement"', { agreement: 1.5 }],
  ];
  for (const [message, numbers] of wrong) {
    const options = { tolerance: { ...tolerance, ...numbers }, common: false };
    await assertRejects(
      async () => await compareResultSets(inputs, options),
      RangeError,
      message,
    );
  }
});
