import { z } from "zod";
import type { Point } from "./axes.ts";
import type { CellConfig } from "./cell_config.ts";
import { distinctList, laterField } from "./field.ts";
import type { Study } from "./study.ts";
import type { StudyPolicyName } from "./names.ts";
import type { MarkedTerm } from "./term.ts";

/** The value of a coordinate. */
export type CoordinateValue = string | number;

/**
 * What a coordinate is in an experiment:
 *
 * - `condition`: holds for a cell at any ratio, 0 included; cells that differ in
 *   one are never paired.
 * - `duplication`: says how duplicates are made, so it does not apply at ratio
 *   0, whose cell all its values share.
 * - `ratio`: how many duplicates there are.
 * - `replicate`: the same experiment again.
 */
export type CoordinateRole =
  | "condition"
  | "duplication"
  | "ratio"
  | "replicate";

/** What tells the cells of result sets apart, and how people read it. */
export interface Coordinate<Key extends string, Value extends CoordinateValue> {
  /** Name of a value: in a point, an arm, a table and an export. */
  readonly key: Key;
  /** What it does in an experiment. */
  readonly role: CoordinateRole;
  /** Heading of its column in tables. */
  readonly heading: string;
  /** The one policy that it applies to; absent: every one. */
  readonly policy?: StudyPolicyName;
  /**
   * Whether the paper's claims are about all of its values; absent: about the
   * usual one alone, where there is one.
   */
  readonly keepsClaims?: true;
  /** Whether tables show it where it has one value only. */
  readonly isAlwaysShown?: boolean;
  /** Its values as people read them, where they are names. */
  readonly terms?: Readonly<Record<string, MarkedTerm>>;
  /**
   * The value that needs no mention, as most cells have it; names of cells and
   * arms leave it out.
   */
  readonly usual?: Value;
  /** Reads it from a cell's config; `null` where it does not apply. */
  valueOf(config: CellConfig): Value | null;
  /** The value in the name of a cell, where it is not the usual one. */
  say(value: Value): string;
}

/**
 * An axis of a study: a field that is a list, over whose values the cells are
 * the product. One entry in `axes.ts` makes it a field of studies, a flag, a
 * loop of `planCells`, a part of the config of cells, and a column or a curve in
 * every table, plot, comparison and export.
 */
export interface Axis<
  Field extends string = string,
  Key extends string = string,
  // deno-lint-ignore no-explicit-any
  Value extends CoordinateValue = any,
  IsLater extends boolean = boolean,
  Shape extends z.ZodRawShape = z.ZodRawShape,
  // What a study may ask for, where cells have other values, too.
  Entry extends Value = Value,
> extends Coordinate<Key, Value> {
  /** Field of the study. */
  readonly field: Field;
  /** One line for help and schemas. */
  readonly meaning: string;
  /** One value, as studies write it. */
  readonly entry: z.ZodType<Entry, Entry>;
  /** Values of a study that does not say. */
  readonly fallback: readonly Entry[];
  /**
   * Whether studies of earlier versions lack it: then it is absent from a study
   * that does not say, and its usual value is absent from configs, so that no
   * digest changes.
   */
  readonly isLater: IsLater;
  /**
   * Whether a study may say one value without a list, as studies did before it
   * was an axis; it stays as it is written, so that no digest changes.
   */
  readonly mayBeOne?: true;
  /** Fields of a cell's config that are its own, by name. */
  readonly shape: Shape;
  /** What it makes of those fields; none where the usual value leaves them out. */
  resolve(study: Study, point: Point): Partial<CellConfig>;
  /** Whether a point of the product is a cell; default: every point is. */
  admits?(point: Point, study: Study): boolean;
}

/** The field of a study that an axis stands for. */
export type AxisField<A extends Axis> = A extends {
  readonly entry: z.ZodType<infer Entry>;
  readonly isLater: infer IsLater;
} ? A extends { readonly mayBeOne: true } ? z.ZodOptional<
      z.ZodUnion<
        [z.ZodType<Entry, Entry>, z.ZodArray<z.ZodType<Entry, Entry>>]
      >
    >
  : IsLater extends true ? z.ZodOptional<z.ZodArray<z.ZodType<Entry, Entry>>>
  : z.ZodDefault<z.ZodArray<z.ZodType<Entry, Entry>>>
  : never;

/** Makes the schema of a study's field. */
export function fieldOf(axis: Axis): z.ZodType {
  const list = distinctList(axis.entry);
  return axis.isLater
    ? laterField(axis.mayBeOne ? z.union([axis.entry, list]) : list, {
      meaning: axis.meaning,
      fallback: axis.fallback.join(","),
    })
    : list.default([...axis.fallback]).describe(axis.meaning);
}
