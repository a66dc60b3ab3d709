import { assert, assertEquals } from "@std/assert";
import type { Arm } from "../../src/analysis/arm.ts";
import { variantKeys } from "../../src/report/arm_words.ts";
import { nameCurves } from "../../src/report/name_curves.ts";
import { marks, styleOf } from "../../src/report/palette.ts";
import { plainArm as plain } from "../analysis/_plain_arm.ts";

const near: Arm = { ...plain, copies: "near" };
const variants: Arm[] = [
  plain,
  { ...plain, standIn: "weights" },
  { ...plain, standIn: "fresh" },
  { ...plain, mode: "replace" },
  near,
  { ...near, mode: "replace" },
  { ...plain, dedup: "exact" },
  { ...near, dedup: "near" },
];

Deno.test("nameCurves() gives a curve the mark of its policy, whatever else is drawn", () => {
  const arms = (["class-biased", "whole-copies", "uniform"] as const)
    .map((policy): Arm => ({ ...plain, policy }));
  const nameOf = nameCurves(arms, ["policy"]);
  assertEquals(
    arms.map(nameOf).map(({ name, style }) => [name, style.shape]),
    [
      ["class-biased", "square"],
      ["whole-copies", "triangle-down"],
      ["uniform", "circle"],
    ],
  );
});

Deno.test("nameCurves() names copies and controls by what is unusual of them", () => {
  const nameOf = nameCurves(variants.slice(0, 6), [
    "mode",
    "standIn",
    "copies",
  ]);
  assertEquals(
    variants.slice(0, 6).map(nameOf).map(({ name, style }) => [
      name,
      style.shape,
    ]),
    [
      ["exact copies", "circle"],
      ["weights in place of copies", "square"],
      ["fresh images in place of copies", "triangle-up"],
      ["replacing", "diamond"],
      ["near copies", "triangle-down"],
      // Its own mark is taken, so it has the one that is left.
      ["replacing, near copies", "cross"],
    ],
  );
});

Deno.test("nameCurves() gives no two curves of a figure one name or style", () => {
  for (const arms of [variants, variants.toReversed()]) {
    const nameOf = nameCurves(arms, variantKeys);
    const named = arms.map(nameOf);
    const count = (of: unknown[]) =>
      new Set(of.map((one) => JSON.stringify(one))).size;
    assertEquals(count(named.map(({ name }) => name)), arms.length);
    assertEquals(count(named.map(({ style }) => style)), arms.length);
    // The order of the arms changes nothing.
    assertEquals(
      variants.map(nameOf),
      variants.map(nameCurves(variants, variantKeys)),
    );
  }
});

Deno.test("styleOf() differs for the marks and for 30 more curves", () => {
  const all = [
    ...marks.map(styleOf),
    ...Array.from({ length: 30 }, (_, i) => styleOf(marks.length + i)),
  ];
  assertEquals(
    new Set(all.map(({ light, shape }) => `${light} ${shape}`)).size,
    all.length,
  );
  // Colour is never the only difference: shapes or dashes differ as well.
  assert(all.every(({ dash }) => dash.length > 0));
});
