import { parseArgs } from "@std/cli/parse-args";
import type { z } from "zod";
import { quotation, UsageError } from "../core/errors.ts";
import type { GivenFlags } from "./command.ts";

/** A flag, as its schema describes it. */
interface Flag {
  field: string;
  flag: string;
  /** Type behind optional and default. */
  type: Leaf;
  description: string;
  fallback: unknown;
}

interface Leaf {
  kind: "boolean" | "number" | "string";
  isList: boolean;
  choices: readonly string[] | undefined;
}

/** Which field of a schema is no flag: it takes the words between flags. */
interface Operands {
  operands?: string | undefined;
}

/**
 * Reads flags against a schema: each field is a flag, `limitTrain` being
 * `--limit-train`. Lists are comma-separated; numbers may be fractions such as
 * `8/255`; booleans may be negated with `--no-`; `-o` is `--out`. Values are converted only;
 * `validate` says whether they will do.
 *
 * @throws {UsageError} If a flag is unknown, given twice or lacks its value, or
 * a word stands by itself.
 */
export function readFlags(
  schema: z.ZodObject,
  args: string[],
  { operands }: Operands = {},
): GivenFlags {
  const flags = describeFlags(schema, operands);
  if (flags.some(({ flag }) => flag === "out")) {
    args = args.map((arg) => arg === "-o" ? "--out" : arg);
  }
  const names = (kind: (leaf: Leaf) => boolean) =>
    flags.filter(({ type }) => kind(type)).map(({ flag }) => flag);
  const booleans = names(({ kind }) => kind === "boolean");
  const strings = names(({ kind }) => kind !== "boolean");
  const parsed = parseArgs(args, {
    boolean: booleans,
    negatable: booleans,
    string: [...strings, "_"],
    collect: strings,
    unknown(arg, key) {
      if (key === undefined) {
        if (operands !== undefined) return true;
        throw new UsageError(
          `Cannot understand "${quotation(arg)}": no option takes it`,
        );
      }
      const near = nearest(key.replace(/^no-/, ""), [...booleans, ...strings]);
      throw new UsageError(
        `Unknown option "--${quotation(key)}"${
          near ? `: did you mean "--${near}"?` : ""
        }`,
      );
    },
  }) as Record<string, unknown>;
  const given = new Set(
    args.map((arg) => /^--(?:no-)?([^=]+)/.exec(arg)?.[1] ?? ""),
  );
  const values: Record<string, unknown> = {};
  for (const { field, flag, type } of flags) {
    if (!given.has(flag)) continue;
    if (type.kind === "boolean") {
      values[field] = parsed[flag];
      continue;
    }
    const texts = parsed[flag] as string[];
    if (texts.length > 1) {
      throw new UsageError(
        `Cannot take "--${flag}" twice: join its values with commas if it is a list`,
      );
    }
    if (texts[0] === undefined || texts[0] === "") {
      throw new UsageError(`Option "--${flag}" needs a value`);
    }
    values[field] = convert(texts[0], type);
  }
  if (operands !== undefined) values[operands] = parsed["_"];
  return values;
}

/**
 * Checks values against a schema and fills in its defaults.
 *
 * @param what Names the source in messages: a file, or nothing for flags.
 * @throws {UsageError} Naming the first field that will not do, and its value.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  values: unknown,
  what?: string,
): z.output<S> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const { path, code, message, ...issue } = result.error.issues[0]!;
  if (code === "unrecognized_keys" && what !== undefined) {
    throw new UsageError(
      `Cannot read ${what} as it has a field unknown here: "${
        quotation((issue as { keys?: string[] }).keys?.join('", "') ?? "")
      }"`,
    );
  }
  const field = String(path[0] ?? "");
  const name = what === undefined
    ? `--${kebab(field)}`
    : `${what}: "${quotation(path.join("."))}"`;
  const got = issue.input === undefined
    ? ""
    : `: current value is ${quotation(JSON.stringify(issue.input))}`;
  throw new UsageError(
    `Cannot take ${name}: ${
      quotation(message.replace(/^Invalid (input|option): /, ""))
    }${got}`,
  );
}

/** The help text of a schema's flags, one or two lines each. */
export function describeOptions(
  schema: z.ZodObject,
  { operands }: Operands = {},
): string {
  return describeFlags(schema, operands).map(
    ({ flag, type, description, fallback }) => {
      const value = type.kind === "boolean"
        ? ""
        : ` ${type.choices?.join("|") ?? type.kind.toUpperCase()}${
          type.isList ? ",…" : ""
        }`;
      const standard = fallback === undefined || fallback === ""
        ? ""
        : ` (default ${
          Array.isArray(fallback)
            ? fallback.join(",")
            : typeof fallback === "number"
            ? Number(fallback.toPrecision(4))
            : fallback
        })`;
      return `  --${flag}${value}\n      ${description}${standard}`;
    },
  ).join("\n");
}

function describeFlags(schema: z.ZodObject, operands?: string): Flag[] {
  const fields = Object.entries(schema.shape);
  return fields.filter(([field]) => field !== operands).map((
    [field, type],
  ) => ({
    field,
    flag: kebab(field),
    description: (type as z.ZodType).description ?? "",
    ...unwrap(type as z.ZodType),
  }));
}

function unwrap(schema: z.ZodType): { type: Leaf; fallback: unknown } {
  const { def } = schema as unknown as { def: Def };
  if (def.type === "default") {
    return { type: leafOf(def.innerType!), fallback: def.defaultValue };
  }
  return { type: leafOf(schema), fallback: undefined };
}

interface Def {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  defaultValue?: unknown;
  entries?: Record<string, string>;
}

function leafOf(schema: z.ZodType): Leaf {
  const { def } = schema as unknown as { def: Def };
  switch (def.type) {
    case "optional":
    case "default":
    case "nullable":
      return leafOf(def.innerType!);
    case "array":
      return { ...leafOf(def.element!), isList: true };
    case "enum":
      return {
        kind: "string",
        isList: false,
        choices: Object.values(def.entries!),
      };
    case "boolean":
    case "number":
    case "string":
      return { kind: def.type, isList: false, choices: undefined };
    default:
      throw new TypeError(
        `Cannot make a flag as its type must be a boolean, number, string or list of them: current value is ${def.type}`,
      );
  }
}

function convert(text: string, { kind, isList }: Leaf): unknown {
  const one = (part: string) => kind === "number" ? toNumber(part) : part;
  return isList ? text.split(",").map(one) : one(text);
}

/** A number or a fraction; what is neither stays text and fails validation. */
function toNumber(text: string): number | string {
  const parts = text.split("/");
  const isNumber = (part: string) =>
    /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part.trim());
  if (parts.length > 2 || !parts.every(isNumber)) return text;
  const [top, bottom = 1] = parts.map(Number);
  return top! / bottom;
}

function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function nearest(name: string, names: string[]): string | undefined {
  return names
    .map((other) => [editDistance(name, other), other] as const)
    .filter(([distance]) => distance <= Math.max(2, name.length / 3))
    .sort(([a], [b]) => a - b)[0]?.[1];
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
