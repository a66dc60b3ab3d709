import { axes, type Point } from "./axes.ts";
import type { Axis } from "./axis.ts";
import type { Study } from "./study_types.ts";
import { valuesOf } from "./values_of.ts";

/**
 * The points of the product of a study's axes that are cells, whether or not the
 * study excludes them, the last axis fastest.
 */
export function pointsOf(study: Study): Point[] {
  const points = axes.reduce<Partial<Point>[]>(
    (points, axis) =>
      points.flatMap((point) =>
        valuesOf<unknown>(study, axis).map((value) => ({
          ...point,
          [axis.key]: value,
        }))
      ),
    [{}],
  ) as Point[];
  return points.filter((point) =>
    axes.every((axis: Axis) => axis.admits?.(point, study) ?? true)
  );
}
