import { capitalise } from "../core/capitalise.ts";
import { z } from "zod";
import { axes, type CoordinateKey, coordinates } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import { type CellConfig, cellConfigSchema } from "../spec/cell_config.ts";
import { readingDefaults } from "../spec/reading.ts";
import {
  type ColumnType,
  type Field,
  joinList,
  snakeCase,
  type Value,
} from "./column.ts";

/** A field of the config that holds one value or a list of them. */
interface Leaf {
  /** Where it is in the config, such as `["training", "epsilon"]`. */
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly description: string;
  /** Whether it, or the group it is in, may be absent. */
  readonly isOptional: boolean;
}

/** Groups whose fields say without the group what they are. */
const plainGroups = new Set(["dataset", "duplication", "optimizer"]);

/** Groups that column names leave out: those, and the one published so. */
const unnamedGroups = new Set([...plainGroups, "evaluation"]);

/** Columns whose names do not follow from the path. */
const names: Readonly<Record<string, string>> = {
  "duplication.class": "duplicated_class",
  "evaluation.augmentation": "test_augmentation",
  "evaluation.flip": "test_flip",
};

/** Values of fields that are absent from a config and are no coordinate. */
const absentValues: Readonly<Record<string, Value>> = {
  "duplication.plans": "nested",
  "optimizer.nesterov": false,
  "optimizer.decayOn": "all",
  "optimizer.biasRate": 1,
  "labelSmoothing": 0,
  "evaluation.randomStart": true,
  "evaluation.augmentation": "none",
  "evaluation.flip": false,
  "evaluation.attackTraining": false,
};

/**
 * A column for each field of a cell's config, as its schema lists them: the data
 * set first, seed and backend last. A field that is added to the config is a
 * column by itself, and so is an axis.
 */
export const configFields: readonly Field<CellConfig>[] = listFields();

function listFields(): Field<CellConfig>[] {
  const { dataset, seed, backend, ...rest } = cellConfigSchema.shape;
  const ordered = { dataset, ...rest, seed, backend };
  const leaves = Object.entries(ordered).flatMap(([key, schema]) =>
    leavesOf(schema as z.ZodType, [key])
  );
  // Variants of a union may have a field in common.
  const byPath = new Map(
    leaves.toReversed().map((leaf) => [leaf.path.join("."), leaf]),
  );
  const distinct = leaves.filter((leaf) =>
    byPath.get(leaf.path.join(".")) === leaf
  );
  return distinct.map(toField);
}

function leavesOf(
  outer: z.ZodType,
  path: readonly string[],
  isInOptional = false,
): Leaf[] {
  const schema = unwrap(outer);
  const isOptional = isInOptional || outer instanceof z.ZodOptional;
  const of = (object: z.ZodObject) =>
    Object.entries(object.shape).flatMap(([key, inner]) =>
      leavesOf(inner as z.ZodType, [...path, key], isOptional)
    );
  if (schema instanceof z.ZodObject) return of(schema);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return (schema.options as z.ZodObject[]).flatMap(of);
  }
  const description = outer.description ?? schema.description ?? "";
  return [{ path, schema, description, isOptional }];
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

function toField(leaf: Leaf): Field<CellConfig> {
  const { path, schema, isOptional } = leaf;
  const absent = isOptional ? absentValueOf(leaf) : undefined;
  return {
    name: nameOf(path),
    type: typeOf(schema),
    description: describe(leaf, absent !== undefined),
    read: (config) => toValue(readPath(config, path)) ?? absent,
  };
}

function nameOf(path: readonly string[]): string {
  const [group, ...fields] = path as [string, ...string[]];
  const kept = unnamedGroups.has(group) && !isSelector(path)
    ? fields
    : [group, ...fields];
  return names[path.join(".")] ??
    kept.filter((_, i) => i === 0 || !isSelector(kept.slice(0, i + 1)))
      .map(snakeCase).join("_");
}

/** Whether a field says which of its group it is: then it has the group's name. */
function isSelector(path: readonly string[]): boolean {
  return path.length > 1 && ["name", "method"].includes(path.at(-1)!);
}

function typeOf(schema: z.ZodType): ColumnType {
  if (schema instanceof z.ZodNumber) {
    return schema.format?.includes("int") ? "INT64" : "DOUBLE";
  }
  const isBoolean = schema instanceof z.ZodBoolean ||
    (schema instanceof z.ZodLiteral && typeof schema.value === "boolean");
  return isBoolean ? "BOOLEAN" : "STRING";
}

/** The value that a config leaves out, where tables have it. */
function absentValueOf({ path, schema }: Leaf): Value | undefined {
  const coordinate = coordinateOf(path);
  const usual = coordinate?.usual as Value | undefined;
  // Where it is of one policy, other cells have no value; "all" is no number.
  const isAbsent = coordinate?.policy !== undefined ||
    (typeOf(schema) !== "STRING" && typeof usual === "string");
  return isAbsent ? undefined : usual ?? absentValues[path.join(".")];
}

/** The coordinate whose value a field is. */
function coordinateOf(path: readonly string[]) {
  const key = isSelector(path) ? path[0]! : path.at(-1)!;
  const isOwn = path.length === 1 || isSelector(path) ||
    path[0] === "duplication";
  return isOwn ? coordinates.find((one) => one.key === key) : undefined;
}

/**
 * @param isFilled Whether tables have a value where the config has none.
 */
function describe({ path, description }: Leaf, isFilled: boolean): string {
  const meaning = isFilled ? meaningOf(coordinateOf(path)?.key) : undefined;
  const reading = readingDefaultOf(path);
  const text = meaning ??
    (isFilled
      ? description.replace(/; absent: .*$/, "")
      : reading !== undefined
      ? `${
        description.replace(/ \(default[^()]*\)$/, "")
      }; null: ${reading}, or the data set is no folder`
      : description.replace("; absent: ", "; null: "));
  const [group] = path as [string];
  return path.length === 1 || isSelector(path) || plainGroups.has(group)
    ? text
    : `${capitalise(group)}: ${uncapitalise(text)}`;
}

/**
 * How the images of a folder are read where a config does not say: as recorded
 * studies did, which is not always what a new study does by default.
 */
function readingDefaultOf(path: readonly string[]): string | undefined {
  const [group, part, field] = path;
  return group === "dataset" && part === "reading"
    ? readingDefaults[field as keyof typeof readingDefaults]
    : undefined;
}

function meaningOf(key: CoordinateKey | undefined): string | undefined {
  const axis: Axis | undefined = axes.find((axis) => axis.key === key);
  return axis?.meaning;
}

/** Acronyms stay as they are. */
function uncapitalise(text: string): string {
  return /^[A-Z][a-z]/.test(text)
    ? `${text[0]!.toLowerCase()}${text.slice(1)}`
    : text;
}

function readPath(config: CellConfig, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    config,
  );
}

function toValue(value: unknown): Value | undefined {
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return joinList(value);
  }
  return typeof value === "object" && value !== null
    ? JSON.stringify(value)
    : value as Value | undefined;
}
