import { coordinates } from "../spec/axes.ts";
import type { Coordinate } from "../spec/axis.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { nameValues } from "../spec/name_cell.ts";
import type { Arm } from "./arm_types.ts";

export type { Arm };

/** The coordinates of an arm. */
export const armCoordinates: readonly Coordinate<keyof Arm, never>[] =
  coordinates.filter(({ role }) =>
    role === "condition" || role === "duplication"
  ) as unknown as Coordinate<keyof Arm, never>[];

/** The arm of a cell whose ratio is above 0. */
export function armOf(config: CellConfig): Arm {
  return Object.fromEntries(
    armCoordinates.map(({ key, valueOf }) => [key, valueOf(config)]),
  ) as unknown as Arm;
}

/** An arm in a few words. */
export function nameArm(arm: Arm): string {
  return nameValues(arm);
}

/** Coordinates whose values all count: which images are copied, and how wide networks are. */
const anyValue: readonly (keyof Arm)[] = ["policy", "width"];

/**
 * Whether an arm is of what the paper's claims are about: exact copies that are
 * added to the training set and stay in it. Every other coordinate with a usual
 * value has that value, so that the arms of a later axis do not count by themselves.
 */
export function hasPlainCopies(arm: Arm): boolean {
  return armCoordinates.every(({ key, usual }) =>
    anyValue.includes(key) || usual === undefined || arm[key] === null ||
    arm[key] === usual
  );
}
