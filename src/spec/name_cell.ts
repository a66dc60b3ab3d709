import { type CoordinateKey, coordinates } from "./axes.ts";
import type { CoordinateValue } from "./axis.ts";
import type { CellConfig } from "./cell_config.ts";

/** The value of each coordinate; `null` or absent where it does not apply. */
export type CoordinateValues = {
  readonly [Key in CoordinateKey]?: CoordinateValue | null;
};

/** What to leave out of a name. */
export interface NameOptions {
  /** Coordinates that are said elsewhere. */
  readonly omit?: readonly CoordinateKey[];
}

/** Reads every coordinate from the config of a cell. */
export function coordinatesOf(
  config: CellConfig,
): Record<CoordinateKey, CoordinateValue | null> {
  return Object.fromEntries(
    coordinates.map(({ key, valueOf }) => [key, valueOf(config)]),
  ) as Record<CoordinateKey, CoordinateValue | null>;
}

/**
 * Names what has these values, such as an arm: one function for every table,
 * plot, comparison and message. Two that differ in any coordinate are named
 * differently, as at most one value of each is left unsaid.
 */
export function nameValues(
  values: CoordinateValues,
  { omit = [] }: NameOptions = {},
): string {
  return coordinates.flatMap(({ key, usual, say }) => {
    const value = values[key] ?? null;
    return value === null || value === usual || omit.includes(key)
      ? []
      : [say(value as never)];
  }).join(", ");
}

/** Names a cell by all of its coordinates. */
export function nameCell(config: CellConfig, options?: NameOptions): string {
  return nameValues(coordinatesOf(config), options);
}
