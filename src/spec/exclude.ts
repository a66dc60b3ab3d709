import { z } from "zod";
import { axes, type AxisFields, type Point } from "./axes.ts";
import type { Axis } from "./axis.ts";
import { distinctList } from "./field.ts";
import { pointsOf } from "./points_of.ts";
import type { Exclusion, Study } from "./study_types.ts";
import { valuesOf } from "./values_of.ts";

type ListOf<T> = Extract<T, readonly unknown[]>;

type Lists = {
  [F in keyof AxisFields]: z.ZodOptional<
    z.ZodType<
      ListOf<z.output<AxisFields[F]>>,
      ListOf<z.output<AxisFields[F]>>
    >
  >;
};

const lists = Object.fromEntries(
  axes.map((axis: Axis) => [
    axis.field,
    distinctList(axis.entry).optional().describe(
      `Values of "${axis.field}"; absent: all`,
    ),
  ]),
) as unknown as Lists;

/** Points that a study leaves out. */
export const exclusionSchema = z.strictObject(lists).refine(
  (entry) => Object.keys(entry).length > 0,
  { error: "must name a field" },
);

/** The field of studies that leaves points out of the product of their axes. */
export const excludeField = z.array(exclusionSchema).min(1).max(100);

/** The values of one field of an entry; `undefined`: all. */
function listOf(
  entry: Exclusion,
  { field }: { readonly field: string },
): readonly unknown[] | undefined {
  return entry[field as keyof Exclusion];
}

/** Whether a study leaves a point out. */
export function isExcluded(
  point: Point,
  { exclude = [] }: Pick<Study, "exclude">,
): boolean {
  return exclude.some((entry) => matches(entry, point));
}

function matches(entry: Exclusion, point: Point): boolean {
  return axes.every((axis: Axis) =>
    listOf(entry, axis)?.includes(point[axis.key as keyof Point]) ?? true
  );
}

/** Values in `exclude` that the study does not have. */
export function findStrangers(
  study: Study,
): { field: string; value: unknown }[] {
  return (study.exclude ?? []).flatMap((entry) =>
    axes.flatMap((axis: Axis) =>
      (listOf(entry, axis) ?? [])
        .filter((value) => !valuesOf<unknown>(study, axis).includes(value))
        .map((value) => ({ field: axis.field, value }))
    )
  );
}

/**
 * Entries of `exclude` that match no point, as of values that cannot be combined:
 * they leave nothing out.
 *
 * @param study With values that it has in every entry, see `findStrangers`.
 * @returns Indices of the entries.
 */
export function findIdleExclusions(study: Study): number[] {
  const { exclude = [], seeds } = study;
  if (exclude.length === 0) return [];
  // Which points there are does not depend on the seed: one stands for all.
  const points = pointsOf({ ...study, seeds: seeds.slice(0, 1) });
  return exclude.flatMap(({ seeds: _, ...entry }, i) =>
    points.some((point) => matches(entry, point)) ? [] : [i]
  );
}

/**
 * What of `exclude` concerns the study, as when its axes have fewer values than
 * those of the study that it was made from.
 *
 * @returns `undefined` where nothing is left out.
 */
export function narrowExclude(study: Study): Study["exclude"] {
  const narrowed = (study.exclude ?? []).map((entry) =>
    Object.fromEntries(axes.flatMap((axis: Axis) => {
      const list = listOf(entry, axis);
      const known = valuesOf<unknown>(study, axis);
      return list === undefined
        ? []
        : [[axis.field, list.filter((value) => known.includes(value))]];
    }))
  ).filter((entry) =>
    Object.values(entry).every((list) => list.length > 0)
  ) as Exclusion[];
  const idle = findIdleExclusions({ ...study, exclude: narrowed });
  const kept = narrowed.filter((_, i) => !idle.includes(i));
  return kept.length > 0 ? kept : undefined;
}
