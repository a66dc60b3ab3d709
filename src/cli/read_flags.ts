import { parseArgs } from "node:util";
import type { z } from "zod";
import { quotation, UsageError } from "../core/errors.ts";
import { derivedFlagOf, describeFlags, type Flag, flagOf } from "./flag.ts";
import { nearest } from "./nearest.ts";

/** The flags a user gave, converted but not yet validated, by field. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/** What words without a flag are. */
export interface Operands {
  /** The field that takes them and is no flag; none: they are refused. */
  readonly operands?: string | undefined;
  /** The field whose flag is suggested for a word that is refused. */
  readonly likelyOption?: string | undefined;
}

/** The one flag that has a letter of its own. */
const SHORT = { out: "o" } as const;

/**
 * Reads flags against a schema: each field is a flag, `limitTrain` being
 * `--limit-train`. Lists are separated by commas, and `none` is one without entries
 * where that is allowed; a flag that `isRepeated` is given once for each entry;
 * numbers may be fractions such as `8/255`; booleans may be negated with `--no-`; `-o` is `--out`. Values are
 * converted only; `validate` says whether they are allowed.
 *
 * @throws {UsageError} If a flag is unknown, given twice, lacks its value or
 * takes none, or a word stands by itself.
 */
export function readFlags(
  schema: z.ZodObject,
  args: readonly string[],
  { operands, likelyOption }: Operands = {},
): GivenFlags {
  const flags = new Map(
    describeFlags(schema).filter(({ field }) => field !== operands)
      .map((flag) => [flag.flag, flag]),
  );
  for (const flag of [...flags.values()]) {
    flags.set(derivedFlagOf(flag.field), flag);
  }
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      [...flags].map(([flag, { kind }]) => [flag, {
        type: kind === "boolean" ? "boolean" : "string",
        ...(Object.hasOwn(SHORT, flag) && { short: SHORT.out }),
      }]),
    ),
  });
  const values: Record<string, unknown> = {};
  const words: string[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind === "positional") {
      if (operands === undefined) {
        const before = tokens[i - 1];
        const flag = before?.kind === "option"
          ? flags.get(before.name)
          : undefined;
        throw refuseWord(token.value, flag, likelyOption);
      }
      words.push(token.value);
    } else if (token.kind === "option") {
      const [flag, isNegated] = findFlag(flags, token.rawName);
      if (flag.kind === "boolean") {
        const isOn = readSwitch(token);
        values[flag.field] = isNegated ? false : isOn;
      } else {
        const value = convert(readText(flag, token), flag);
        if (flag.isRepeated) {
          const earlier = values[flag.field] as unknown[] | undefined;
          values[flag.field] = [...(earlier ?? []), value];
          continue;
        }
        if (Object.hasOwn(values, flag.field)) {
          throw new UsageError(
            `--${flag.flag} must be given once: join the values of a list with commas`,
          );
        }
        values[flag.field] = value;
      }
    }
  }
  if (operands !== undefined) values[operands] = words;
  return values;
}

/** @param before The flag to whose value the word stands next, if any. */
function refuseWord(
  word: string,
  before: Flag | undefined,
  likelyOption: string | undefined,
): UsageError {
  const text = quotation(word);
  if (before?.isList) {
    return new UsageError(
      `Unexpected word "${text}": the values of --${before.flag} are joined by commas without spaces`,
    );
  }
  return new UsageError(
    `Unexpected word "${text}": ${
      likelyOption === undefined
        ? "no option takes it"
        : `did you mean "--${flagOf(likelyOption)} ${text}"?`
    }`,
  );
}

function findFlag(
  flags: ReadonlyMap<string, Flag>,
  rawName: string,
): [flag: Flag, isNegated: boolean] {
  if (rawName === `-${SHORT.out}` && flags.has("out")) {
    return [flags.get("out")!, false];
  }
  const name = rawName.startsWith("--") ? rawName.slice(2) : "";
  const flag = flags.get(name);
  if (flag !== undefined) return [flag, false];
  const positive = name.replace(/^no-/, "");
  const negated = flags.get(positive);
  if (positive !== name && negated?.kind === "boolean") return [negated, true];
  const near = nearest(positive || rawName.slice(1), [...flags.keys()]);
  throw new UsageError(
    `Unknown option "${quotation(rawName)}"${
      near === undefined ? "" : `: did you mean "--${near}"?`
    }`,
  );
}

/** Whether a switch is on: it may be `--near=false`, but not `--no-near=false`. */
function readSwitch(
  { rawName, value = "true", inlineValue }: {
    rawName: string;
    value?: string | undefined;
    inlineValue?: boolean | undefined;
  },
): boolean {
  const isNegated = inlineValue && rawName.startsWith("--no-");
  if (!isNegated && (value === "true" || value === "false")) {
    return value === "true";
  }
  throw new UsageError(
    `${rawName} takes no value, got "${quotation(value)}"`,
  );
}

/** The value of a flag, unless it is absent or the flag after it. */
function readText(
  { flag }: Flag,
  { rawName, value = "", inlineValue }: {
    rawName: string;
    value?: string | undefined;
    inlineValue?: boolean | undefined;
  },
): string {
  // Node leaves the sign of -o=FILE in the value.
  const text = rawName.startsWith("--") ? value : value.replace(/^=/, "");
  // What begins with a dash is a flag, unless it is a number below zero.
  if (text === "" || (!inlineValue && /^-[^.\d]/.test(text))) {
    throw new UsageError(`--${flag} needs a value`);
  }
  return text;
}

function convert(
  text: string,
  { kind, isList, mayBeOne, emptyWord }: Flag,
): unknown {
  if (text === emptyWord) return [];
  const one = (part: string) => kind === "number" ? toNumber(part) : part;
  const isOne = !isList || (mayBeOne && !text.includes(","));
  return isOne ? one(text) : text.split(",").map(one);
}

/** A number or a fraction; what is neither stays text and fails validation. */
function toNumber(text: string): number | string {
  const parts = text.split("/");
  const isNumber = (part: string) =>
    /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part.trim());
  if (parts.length > 2 || !parts.every(isNumber)) return text;
  const [top, bottom = 1] = parts.map(Number);
  if (bottom === 0) return text;
  return top! / bottom;
}
