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
  /** What the help calls a value of it. */
  placeholder: string;
}

/** Which field of a schema is no flag: it takes the words between flags. */
interface Operands {
  operands?: string | undefined;
}

/**
 * Reads flags against a schema: each field is a flag, `limitTrain` being
 * `--limit-train`. Lists are comma-separated; numbers may be fractions such as
 * `8/255`; booleans may be negated with `--no-`; `-o` is `--out`. Values are
 * converted only; `validate` says whether they will do.
 *
 * @throws {UsageError} If a flag is unknown, given twice, lacks its value or
 * takes none, or a word stands by itself.
 */
export function readFlags(
  schema: z.ZodObject,
  args: string[],
  { operands }: Operands = {},
): GivenFlags {
  const flags = describeFlags(schema, operands);
  const names = (kind: (leaf: Leaf) => boolean) =>
    flags.filter(({ type }) => kind(type)).map(({ flag }) => flag);
  const booleans = names(({ kind }) => kind === "boolean");
  const strings = names(({ kind }) => kind !== "boolean");
  const words = spellOut(args, strings);
  const parsed = parseArgs(words, {
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
      const dashes = arg.startsWith("--") ? "--" : "-";
      throw new UsageError(
        `Unknown option "${dashes}${quotation(key)}"${
          near ? `: did you mean "--${near}"?` : ""
        }`,
      );
    },
  }) as Record<string, unknown>;
  const given = new Map(words.map((word) => {
    const [, flag = "", value] = /^--(?:no-)?([^=]+)(?:=(.*))?$/s.exec(word) ??
      [];
    return [flag, value];
  }));
  const values: Record<string, unknown> = {};
  for (const { field, flag, type } of flags) {
    if (!given.has(flag)) continue;
    if (type.kind === "boolean") {
      const value = given.get(flag) ?? "true";
      if (value !== "true" && value !== "false") {
        throw new UsageError(
          `Option "--${flag}" takes no value: current value is "${
            quotation(value)
          }"`,
        );
      }
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
 * The words as `parseArgs` is to see them: `-o` as `--out`, and what follows a
 * flag that needs a value as that value, where it is empty or below zero and
 * would pass for a word or for a flag.
 */
function spellOut(args: string[], flags: string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") return [...words, ...args.slice(at)];
    const word = flags.includes("out")
      ? arg.replace(/^-o(?==|$)/, "--out")
      : arg;
    const next = args[at + 1];
    const needsNext = word.startsWith("--") && flags.includes(word.slice(2));
    if (needsNext && next !== undefined && /^($|-[.\d])/.test(next)) {
      words.push(`${word}=${next}`);
      at++;
    } else {
      words.push(word);
    }
  }
  return words;
}

/**
 * Checks values against a schema and fills in its defaults.
 *
 * @param what Names the source in messages: a file, or nothing for flags.
 * @throws {UsageError} Naming the first field that will not do, and its value,
 * or that is missing.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  values: unknown,
  what?: string,
): z.output<S> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const { path, code } = issue;
  if (code === "unrecognized_keys" && what !== undefined) {
    throw new UsageError(
      `Cannot read ${what} as it has a field unknown here: "${
        quotation(issue.keys.join('", "'))
      }"`,
    );
  }
  const field = String(path[0] ?? "");
  const name = what === undefined
    ? `--${kebab(field)}`
    : `${what}: "${quotation(path.join("."))}"`;
  const want = quotation(wantOf(issue));
  if (issue.input === undefined) {
    throw new UsageError(`Cannot do without ${name}: ${want}`);
  }
  const got = quotation(JSON.stringify(issue.input));
  throw new UsageError(`Cannot take ${name}: ${want}: current value is ${got}`);
}

/** What a value must be, in the words of all our messages. */
function wantOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${nouns[issue.expected] ?? `of type ${issue.expected}`}`;
    case "invalid_value": {
      const names = issue.values.map(String);
      return `must be ${names.length === 1 ? "" : "one of "}${
        names.join(", ")
      }`;
    }
    case "too_small":
      if (issue.origin === "string") return "must not be empty";
      if (issue.origin === "array") {
        return `must have ${issue.minimum} or more entries`;
      }
      return `must be ${
        issue.inclusive ? "at least" : "above"
      } ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") {
        return `must have at most ${issue.maximum} characters`;
      }
      if (issue.origin === "array") {
        return `must have at most ${issue.maximum} entries`;
      }
      return `must be ${
        issue.inclusive ? "at most" : "below"
      } ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** What zod's types are called. */
const nouns: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/** The help text of a schema's flags, one or two lines each. */
export function describeOptions(
  schema: z.ZodObject,
  { operands }: Operands = {},
): string {
  return describeFlags(schema, operands).map(
    ({ flag, type, description, fallback }) => {
      const value = type.kind === "boolean"
        ? ""
        : ` ${type.placeholder}${type.isList ? ",…" : ""}`;
      // What is off unless asked for needs no word for off.
      const mayBeOff = type.kind === "boolean" && fallback !== false;
      const standard = fallback === undefined || fallback === "" ||
          fallback === false
        ? ""
        : ` (default ${
          Array.isArray(fallback)
            ? fallback.join(",")
            : typeof fallback === "number"
            ? Number(fallback.toPrecision(4))
            : fallback === true
            ? "yes"
            : fallback
        })`;
      const short = flag === "out" ? "-o, " : "";
      const negated = mayBeOff ? `, --no-${flag}` : "";
      return `  ${short}--${flag}${value}${negated}\n      ${description}${standard}`;
    },
  ).join("\n");
}

export function describeFlags(schema: z.ZodObject, operands?: string): Flag[] {
  const fields = Object.entries(schema.shape);
  return fields.filter(([field]) => field !== operands).map((
    [field, type],
  ) => ({
    field,
    flag: kebab(field),
    description: (type as z.ZodType).description ?? "",
    ...withPlaceholder(type as z.ZodType),
  }));
}

/** A schema may say what its value is to be called: `.meta({ value: "FILE" })`. */
function withPlaceholder(
  schema: z.ZodType,
): { type: Leaf; fallback: unknown } {
  const { type, fallback } = unwrap(schema);
  const value = schema.meta()?.value;
  return {
    type: typeof value === "string" ? { ...type, placeholder: value } : type,
    fallback,
  };
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
        placeholder: Object.values(def.entries!).join("|"),
      };
    case "boolean":
    case "number":
    case "string":
      return {
        kind: def.type,
        isList: false,
        placeholder: def.type === "number" ? "NUMBER" : "TEXT",
      };
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

/** The name that was probably meant, if any is like it. */
export function nearest(
  name: string,
  names: readonly string[],
): string | undefined {
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
