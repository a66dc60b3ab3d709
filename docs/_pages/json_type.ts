import { z } from "zod";
import { code, codes } from "./markdown.ts";

/** What these pages read of a JSON Schema. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string | number | boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The JSON Schema of what a zod schema accepts, or of what it puts out. */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: "input" | "output",
): JsonSchema {
  return z.toJSONSchema(schema, { io }) as JsonSchema;
}

/** A type in words, as Markdown. */
export function typeOf(schema: JsonSchema): string {
  const { type, items, enum: names, pattern, format } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return choices.some(({ description, properties }) =>
        description === undefined && properties === undefined
      )
      ? [...new Set(choices.map(typeOf))].join(" or ")
      : "object";
  }
  if (Array.isArray(type)) {
    return type.map((one) => typeOf({ ...schema, type: one })).join(" or ");
  }
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (names !== undefined) return `one of ${codes(names)}`;
  switch (type) {
    case "array":
      return `list of ${plural(typeOf(items ?? {}))}`;
    case "integer":
      return `whole number${rangeOf(schema)}`;
    case "number":
      return `number${rangeOf(schema)}`;
    case "boolean":
      return "true or false";
    case "null":
      return code("null");
    case "object":
      return "object";
    case "string":
      if (format === "date-time") return "date and time (ISO 8601)";
      return pattern === undefined ? "text" : textOf(pattern);
    default:
      return "any JSON";
  }
}

function textOf(pattern: string): string {
  const digits = /^\^\[0-9a-f\]\{(\d+)\}\$$/.exec(pattern)?.[1];
  if (digits !== undefined) return `${digits} hexadecimal digits`;
  if (pattern === "^[0-9a-f]*$") return "hexadecimal digits";
  return `text that matches ${code(pattern)}`;
}

function plural(type: string): string {
  return type.replace(/^one of /, "").replace(
    /^(whole number|number|object)/,
    "$1s",
  )
    .replace(/^text( that match)?e?s?/, "texts$1");
}

/** zod bounds every whole number by this. */
const isBound = (n: number | undefined): n is number =>
  n !== undefined && Math.abs(n) !== Number.MAX_SAFE_INTEGER;

function rangeOf(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema,
): string {
  const words = [
    ...isBound(minimum) ? [`at least ${minimum}`] : [],
    ...isBound(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : [],
    ...isBound(maximum) ? [`at most ${maximum.toLocaleString("en")}`] : [],
    ...isBound(exclusiveMaximum) ? [`below ${exclusiveMaximum}`] : [],
  ];
  return words.length === 0 ? "" : `, ${words.join(", ")}`;
}
