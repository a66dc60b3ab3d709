import type { z } from "zod";
import type { Axis, AxisField, Coordinate } from "./axis.ts";
import { fieldOf } from "./axis.ts";
import { budgetAxis } from "./axes/budget.ts";
import { conflictAxis } from "./axes/conflict.ts";
import { copiesAxis } from "./axes/copies.ts";
import { dedupAxis } from "./axes/dedup.ts";
import { drawTrainAxis } from "./axes/draw_train.ts";
import { modeAxis } from "./axes/mode.ts";
import { modelAxis } from "./axes/model.ts";
import { multiplicityAxis } from "./axes/multiplicity.ts";
import { policyAxis } from "./axes/policy.ts";
import { ratioAxis } from "./axes/ratio.ts";
import { seedAxis } from "./axes/seed.ts";
import { standInAxis } from "./axes/stand_in.ts";
import { trainingAxis } from "./axes/training.ts";
import { widthAxis } from "./axes/width.ts";
import type { Intersection } from "./term.ts";
import { backendCoordinate } from "./backends.ts";
import type { CoordinateKey } from "./names.ts";

export type { CoordinateKey };

/**
 * The axes of a study, in the order in which `planCells` counts through their
 * values, the last one fastest. It is the order of the cells of every result
 * set: a new axis goes before the ratio.
 */
export const axes: readonly [
  typeof modelAxis,
  typeof widthAxis,
  typeof trainingAxis,
  typeof drawTrainAxis,
  typeof policyAxis,
  typeof multiplicityAxis,
  typeof modeAxis,
  typeof standInAxis,
  typeof budgetAxis,
  typeof copiesAxis,
  typeof conflictAxis,
  typeof dedupAxis,
  typeof ratioAxis,
  typeof seedAxis,
] = [
  modelAxis,
  widthAxis,
  trainingAxis,
  drawTrainAxis,
  policyAxis,
  multiplicityAxis,
  modeAxis,
  standInAxis,
  budgetAxis,
  copiesAxis,
  conflictAxis,
  dedupAxis,
  ratioAxis,
  seedAxis,
];

type AnyAxis = typeof axes[number];

/** The schemas of the study's fields that are axes. */
export type AxisFields = {
  [A in AnyAxis as A["field"]]: AxisField<A>;
};

/** The schemas of the study's fields that are axes. */
export const axisFields = Object.fromEntries(
  axes.map((axis: Axis) => [axis.field, fieldOf(axis)]),
) as unknown as AxisFields;

/** Fields of a cell's config that axes own, by name. */
export type AxisShape = Intersection<AnyAxis["shape"]>;

/** Fields of a cell's config that axes own, by name. */
export const axisShape: AxisShape = Object.assign(
  {},
  ...axes.map(({ shape }) => shape),
);

/** One value of each axis: a point of a study's product. */
export type Point = {
  [A in AnyAxis as A["key"]]: z.output<A["entry"]>;
};

/** All that tells the cells of result sets apart: the axes and the backend. */
export const coordinates: readonly Coordinate<CoordinateKey, never>[] = [
  ...axes,
  backendCoordinate,
] as unknown as Coordinate<CoordinateKey, never>[];
