import type { z } from "zod";
import { docComment } from "./doc_comment.ts";

/** A type that is generated from a schema. */
export interface TypeEntry {
  /** Its name. */
  readonly name: string;
  /** What it is, in full sentences. */
  readonly about: string;
  /** Its schema: of an object, or of a union of such. */
  readonly schema: z.ZodType;
  /** Whether it is what the schema takes or what it gives; default: gives. */
  readonly io?: "input" | "output";
  /** Whether its fields cannot be assigned; default: they can. */
  readonly isReadonly?: boolean;
}

/** A union of names that is generated from a table. */
export interface NameEntry {
  /** The name of the union. */
  readonly name: string;
  /** What its members are, in full sentences. */
  readonly about: string;
  /** Its members; the meaning of each, where there is one. */
  readonly members: Readonly<Record<string, string | undefined>>;
}

/** What the generator knows of all modules. */
export interface Known {
  /** Types by their schema, those of inputs apart. */
  readonly types: readonly TypeEntry[];
  /** Unions of names. */
  readonly names: readonly NameEntry[];
}

/** Types that are written by hand, by what the generator calls them. */
export const JSON_VALUE = "JsonValue";

// deno-lint-ignore no-explicit-any
type Def = any;

/** A field as a wrapper such as `optional` leaves it. */
interface Field {
  readonly text: string;
  readonly isOptional: boolean;
}

/**
 * Writes TypeScript's form of a schema: an interface for an object, a type for
 * anything else.
 *
 * @param entry What to write.
 * @param known Types and names that its fields may have; each object in it must
 * be one of these.
 * @throws {TypeError} If a schema is of a kind that is not known, an object in it
 * has no name, or a field no description.
 */
export function typeSource(entry: TypeEntry, known: Known): string {
  const { name, about, schema, io = "output", isReadonly = false } = entry;
  const def: Def = schema._zod.def;
  if (def.type !== "object") {
    const text = members(schema, { io, known, at: name });
    return `${docComment(about)}\n${alias(name, text)}`;
  }
  const modifier = isReadonly ? "readonly " : "";
  const fields = Object.entries<z.ZodType>(def.shape).map(([key, value]) => {
    const { text, isOptional } = fieldType(value, {
      io,
      known,
      at: `${name}.${key}`,
    });
    const doc = fieldComment(value, { io, known, at: `${name}.${key}` });
    const declared = isOptional
      ? property(`${modifier}${key}?`, `${text} | undefined`)
      : property(`${modifier}${key}`, text);
    return `${docComment(doc, "  ")}\n${declared}`;
  });
  return `${docComment(about)}\nexport interface ${name} {\n${
    fields.join("\n")
  }\n}`;
}

/** Writes a union of names, with the meaning of each. */
export function nameSource({ name, about, members }: NameEntry): string {
  const list = Object.entries(members).flatMap(([member, meaning]) =>
    meaning === undefined ? [] : [`- \`${member}\`: ${meaning}`]
  );
  const doc = list.length === 0 ? about : [about, "", ...list].join("\n");
  const text = Object.keys(members).map((member) => JSON.stringify(member));
  return `${docComment(doc)}\n${alias(name, text.join(" | "))}`;
}

interface Context {
  readonly io: "input" | "output";
  readonly known: Known;
  readonly at: string;
}

function fieldType(schema: z.ZodType, context: Context): Field {
  const def: Def = schema._zod.def;
  switch (def.type) {
    case "optional":
      return { ...fieldType(def.innerType, context), isOptional: true };
    case "default":
      return {
        ...fieldType(def.innerType, context),
        isOptional: context.io === "input",
      };
    default:
      return { text: typeText(schema, context), isOptional: false };
  }
}

/** The members of a union that is itself being defined. */
function members(schema: z.ZodType, context: Context): string {
  const def: Def = schema._zod.def;
  if (def.type !== "union") return typeText(schema, context);
  return def.options.map((option: z.ZodType) => typeText(option, context))
    .join(" | ");
}

function typeText(schema: z.ZodType, context: Context): string {
  const { io, known, at } = context;
  const def: Def = schema._zod.def;
  // `describe` makes another schema of the same definition.
  const same = known.types.filter((entry) => entry.schema._zod.def === def);
  const named = same.find((entry) => entry.io === io) ?? same[0];
  if (named !== undefined) return named.name;
  switch (def.type) {
    case "string":
    case "number":
    case "boolean":
      return def.type;
    case "literal":
      return def.values.map((value: unknown) => JSON.stringify(value))
        .join(" | ");
    case "enum":
      return enumText(Object.values(def.entries), known.names);
    case "nullable":
      return `${typeText(def.innerType, context)} | null`;
    case "optional":
      return `${typeText(def.innerType, context)} | undefined`;
    case "array": {
      const element = typeText(def.element, context);
      return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
    }
    case "tuple":
      return `[${
        def.items.map((item: z.ZodType) => typeText(item, context)).join(", ")
      }]`;
    case "record":
      return `Record<${typeText(def.keyType, context)}, ${
        typeText(def.valueType, context)
      }>`;
    case "union":
      return members(schema, context);
    case "lazy":
      return JSON_VALUE;
    default:
      throw new TypeError(
        `The schema at ${at} is ${def.type} and has no name: list it with its name in src/generate/type_entries.ts`,
      );
  }
}

function enumText(values: string[], names: readonly NameEntry[]): string {
  const key = JSON.stringify([...values].sort());
  const same = names.filter(({ members }) =>
    JSON.stringify(Object.keys(members).sort()) === key
  );
  if (same.length > 1) {
    throw new TypeError(
      `Two unions have the same members: ${
        same.map(({ name }) => name).join(", ")
      }`,
    );
  }
  return same[0]?.name ?? values.map((value) => JSON.stringify(value))
    .join(" | ");
}

/** What a field is, and for an input its default. */
function fieldComment(schema: z.ZodType, { io, at }: Context): string {
  let current: z.ZodType | undefined = schema;
  let fallback = "";
  while (current !== undefined) {
    const def: Def = current._zod.def;
    if (def.type === "default" && io === "input") {
      fallback = ` Default: \`${JSON.stringify(def.defaultValue)}\`.`;
    }
    if (current.description !== undefined) {
      return `${current.description}.${fallback}`;
    }
    if (def.type === "literal") {
      return `Always \`${JSON.stringify(def.values[0])}\`.`;
    }
    current = def.innerType;
  }
  throw new TypeError(
    `The schema at ${at} needs a description: end it with .describe("...")`,
  );
}

/** As `deno fmt` breaks lines. */
function alias(name: string, text: string): string {
  const line = `export type ${name} = ${text};`;
  if (line.length <= 80) return line;
  return `export type ${name} =\n${
    text.split(" | ").map((member) => `  | ${member}`).join("\n")
  };`;
}

function property(key: string, text: string): string {
  const line = `  ${key}: ${text};`;
  if (line.length <= 80) return line;
  return `  ${key}:\n${
    text.split(" | ").map((member) => `    | ${member}`).join("\n")
  };`;
}
