import { type Arm, armCoordinates } from "../analysis/arm.ts";
import { type CoordinateKey, coordinates } from "../spec/axes.ts";
import type { Coordinate, CoordinateValue } from "../spec/axis.ts";
import { nameValues } from "../spec/name_cell.ts";
import type { Mark, MarkedTerm } from "../spec/term.ts";

type AnyCoordinate = Coordinate<CoordinateKey, never>;

const byKey = new Map(coordinates.map((one) => [one.key, one]));

/**
 * Names of the coordinates of an arm, those that every table shows first: the
 * order in which titles list them.
 */
export const armKeys: readonly CoordinateKey[] = [
  ...armCoordinates.filter(({ isAlwaysShown }) => isAlwaysShown),
  ...armCoordinates.filter(({ isAlwaysShown }) => !isAlwaysShown),
].map(({ key }) => key);

/**
 * Coordinates whose values are variants of one experiment: they have a usual
 * value, and figures draw the others next to it.
 */
export const variantKeys: readonly CoordinateKey[] = armCoordinates
  .filter(({ terms, usual }) =>
    terms !== undefined && usual !== undefined && Object.hasOwn(terms, usual)
  ).map(({ key }) => key);

/** The value of each coordinate of an arm, in the order of the axes. */
export function valuesOf(arm: Arm): Record<string, CoordinateValue | null> {
  return { ...arm };
}

/** Whether an arm has the usual value of a coordinate, or none. */
export function isUsual(arm: Arm, key: CoordinateKey): boolean {
  const value = valuesOf(arm)[key] ?? null;
  return value === null || value === coordinateOf(key).usual;
}

/** Whether copies were added, rather than a control in their place. */
export function hasCopies({ arm }: { arm: Arm }): boolean {
  return isUsual(arm, "mode") && isUsual(arm, "standIn");
}

/** The value that an arm has of one coordinate, as reports write it. */
export function wordOf(arm: Arm, key: CoordinateKey): string {
  return sayValue(key, valuesOf(arm)[key] ?? null);
}

/**
 * A value of a coordinate as reports write it: as in the names of cells, but
 * that the usual value is said, too.
 */
export function sayValue(
  key: CoordinateKey,
  value: CoordinateValue | null,
): string {
  if (value === null) return "";
  const { terms, say } = coordinateOf(key);
  return nameValues({ [key]: value }) ||
    (terms?.[value]?.title ?? say(value as never));
}

/** Those of the coordinates in which some of the arms differ. */
export function varyingKeys(
  arms: readonly Arm[],
  keys: readonly CoordinateKey[],
): CoordinateKey[] {
  return keys.filter((key) =>
    new Set(arms.map((arm) => valuesOf(arm)[key])).size > 1
  );
}

/** What marks the value that an arm has of a coordinate, if it is marked. */
export function markOf(arm: Arm, key: CoordinateKey): Mark | undefined {
  return termOf(arm, key)?.mark;
}

/** The place of an arm's value among those of its coordinate. */
export function rankOf(arm: Arm, key: CoordinateKey): number {
  const { terms = {} } = coordinateOf(key);
  return Object.keys(terms).indexOf(`${valuesOf(arm)[key]}`);
}

/** The coordinate of a name. */
export function coordinateOf(key: CoordinateKey): AnyCoordinate {
  return byKey.get(key)!;
}

function termOf(arm: Arm, key: CoordinateKey): MarkedTerm | undefined {
  const { terms = {} } = coordinateOf(key);
  const value = `${valuesOf(arm)[key]}`;
  return Object.hasOwn(terms, value) ? terms[value] : undefined;
}
