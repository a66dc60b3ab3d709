import type { Arm } from "../analysis/arm.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import { nameValues } from "../spec/name_cell.ts";
import type { Mark } from "../spec/term.ts";
import {
  coordinateOf,
  isUsual,
  markOf,
  rankOf,
  valuesOf,
  varyingKeys,
  wordOf,
} from "./arm_words.ts";
import { type CurveStyle, marks, styleOf } from "./palette.ts";

/** How a curve of a figure is called and drawn. */
export interface CurveName {
  /** As the legend has it; unique in a figure. */
  name: string;
  /** Unique in a figure, too. */
  style: CurveStyle;
}

/**
 * Names and styles of the curves of a figure, one for each combination of the
 * coordinates by which the figure tells curves apart. A curve has the mark of
 * its value; where several values are unusual, or two values have one mark,
 * the later curve takes the next free one.
 *
 * @param arms All arms of the figure, so that its panels agree.
 * @param by The coordinates.
 * @returns What the curve of an arm is called and how it is drawn.
 */
export function nameCurves(
  arms: readonly Arm[],
  by: readonly CoordinateKey[],
): (arm: Arm) => CurveName {
  const reference = nameReference(arms, by);
  const nameOf = (arm: Arm) => {
    const values = valuesOf(arm);
    const own = Object.fromEntries(by.map((key) => [key, values[key] ?? null]));
    return nameValues(own) || reference;
  };
  const unusual = (arm: Arm) => by.filter((key) => !isUsual(arm, key));
  const ordered = [...new Map(arms.map((arm) => [nameOf(arm), arm]))]
    .sort(([, a], [, b]) =>
      unusual(a).length - unusual(b).length ||
      by.reduce((d, key) => d || rankOf(a, key) - rankOf(b, key), 0)
    );
  const free = new Set<Mark>(marks);
  const styles = new Map<string, CurveStyle>();
  ordered.forEach(([name, arm], i) => {
    const wanted = markOf(arm, unusual(arm).at(-1) ?? by[0]!);
    const mark = wanted !== undefined && free.has(wanted)
      ? wanted
      : [...free][0];
    // With every mark taken, shapes come again in other colours.
    styles.set(name, mark === undefined ? styleOf(i) : styleOf(mark));
    if (mark !== undefined) free.delete(mark);
  });
  return (arm) => {
    const name = nameOf(arm);
    return { name, style: styles.get(name)! };
  };
}

/** What a curve is called of which nothing is unusual. */
function nameReference(
  arms: readonly Arm[],
  by: readonly CoordinateKey[],
): string {
  const plain = arms.find((arm) => by.every((key) => isUsual(arm, key)));
  if (plain === undefined) return "";
  const varying = varyingKeys(arms, by);
  const own = varying.filter((key) => coordinateOf(key).role === "duplication");
  return wordOf(plain, own.at(-1) ?? varying.at(-1) ?? by[0]!);
}
