/**
 * `parseArgs` of `@std/cli/parse-args` 1.x, for networks that do not reach JSR:
 * a thin adapter over the tokens of `node:util`. Left out, as nothing here
 * uses it: names with dots, which std turns into nested objects.
 *
 * @module
 */
import { parseArgs as tokenize } from "node:util";

/** One name or several. */
export type Names<T extends string> = T | readonly T[];

/** How to read the arguments. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Flags without a value, `false` when absent; `true` makes every one so. */
  boolean?: boolean | Names<B>;
  /** Flags whose value stays text; given without a value, they are `""`. */
  string?: Names<S>;
  /** Flags that may be repeated, and give a list. */
  collect?: Names<C>;
  /** Flags that `--no-NAME` sets to `false`. */
  negatable?: Names<string>;
  /** Values of the flags that are absent. */
  default?: D;
  /** Other names of a flag; the value is found under each of them. */
  alias?: Record<string, Names<string>>;
  /** Whether everything after the first non-flag is left as it is. */
  stopEarly?: boolean;
  /** Whether what follows `--` goes to `"--"` rather than to `_`. */
  "--"?: boolean;
  /** Told of each flag not named above and each non-flag; `false` drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The type of one flag: a list if collected, defined if it has a default. */
export type FlagValue<K, T, C, D, Absent> = K extends C ? T[]
  : K extends keyof D ? T | D[K]
  : T | Absent;

/** What was read: flags by name, and in `_` what was not a flag. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
> =
  & { [name: string]: unknown; _: (string | number)[] }
  & (string extends B | S | C ? unknown
    :
      & { [K in B]: FlagValue<K, boolean, C, D, never> }
      & { [K in Exclude<S, "_">]: FlagValue<K, string, C, D, undefined> });

/**
 * Reads command-line arguments. Flags that are not named in the options are
 * read as well: they take the next argument as their value if it does not
 * start with `-`, and what looks like a number becomes one.
 *
 * @param args As in `Deno.args`.
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
>(args: string[], options: ParseOptions<B, S, C, D> = {}): Args<B, S, C, D> {
  const aliases = aliasesOf(options.alias ?? {});
  const namesOf = (key: string) => [key, ...aliases.get(key) ?? []];
  const setOf = (names: Names<string> = []) =>
    new Set([names].flat().flatMap(namesOf));

  const allBooleans = options.boolean === true;
  const booleans = setOf(
    typeof options.boolean === "boolean" ? [] : options.boolean,
  );
  const strings = setOf(options.string);
  const collected = setOf(options.collect);
  const negatable = setOf(options.negatable);

  const found = new Map<string, unknown>();
  const rest: (string | number)[] = [];

  function give(key: string, value: string | boolean, arg: string): void {
    const known = booleans.has(key) || strings.has(key) || aliases.has(key) ||
      (allBooleans && /^--[^=]+$/.test(arg));
    if (!known && options.unknown?.(arg, key, value) === false) return;
    const typed = strings.has(key) ? value : numberOr(value);
    const earlier = found.get(key);
    const listed = Array.isArray(earlier) ? [...earlier, typed] : [typed];
    for (const name of namesOf(key)) {
      found.set(name, collected.has(key) ? listed : typed);
    }
  }

  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const tokens = tokensOf(args.slice(0, end));
  for (let t = 0; t < tokens.length; t++) {
    const { arg, index, key, value } = tokens[t]!;
    if (key === undefined) {
      if (options.unknown?.(arg) !== false) {
        rest.push(strings.has("_") ? arg : numberOr(arg));
      }
      if (options.stopEarly) {
        rest.push(...args.slice(index + 1, end));
        break;
      }
      continue;
    }
    const long = arg.startsWith("--");
    const negated = key.startsWith("no-") ? key.slice(3) : "";
    const next = tokens[t + 1]?.key === undefined ? tokens[t + 1]?.arg : "";
    const takesNext = !booleans.has(key) &&
      (long ? !allBooleans && next !== "-" : true);
    if (value !== undefined) {
      give(key, booleans.has(key) ? value !== "false" : value, arg);
    } else if (long && negatable.has(negated)) {
      for (const name of namesOf(negated)) found.set(name, false);
    } else if (next && takesNext) {
      give(key, next, arg);
      t++;
    } else if (next === "true" || next === "false") {
      give(key, next === "true", arg);
      t++;
    } else {
      give(key, strings.has(key) ? "" : true, arg);
    }
  }

  const fill = (key: string, value: unknown) => {
    if (!found.has(key)) found.set(key, value);
  };
  for (const [key, value] of Object.entries(options.default ?? {})) {
    for (const name of namesOf(key)) fill(name, value);
  }
  for (const key of booleans) fill(key, collected.has(key) ? [] : false);
  for (const key of strings) if (collected.has(key)) fill(key, []);

  const after = args.slice(end + 1);
  if (options["--"]) found.set("--", after);
  else rest.push(...after);
  found.set("_", rest);
  // Defines own properties, so that no name can reach a prototype.
  return Object.fromEntries(found) as Args<B, S, C, D>;
}

/** One flag, or (without a key) one argument that is none. */
interface Token {
  /** The argument as it was written, and where. */
  arg: string;
  index: number;
  key?: string;
  /** The value written in the same argument. */
  value?: string;
}

function tokensOf(args: string[]): Token[] {
  const { tokens } = tokenize({
    args,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let glued = -1;
  return tokens.flatMap((token): Token[] => {
    const { index } = token;
    const arg = args[index]!;
    if (token.kind !== "option") return [{ arg, index }];
    // Node takes `-n5` and `-o=file` for groups of one-letter flags.
    const [, key, value] = /^-([A-Za-z])(?:=|(?=-?\d))(.+)$/.exec(arg) ?? [];
    if (key !== undefined && value !== undefined) {
      if (glued === index) return [];
      glued = index;
      return [{ arg, index, key, value }];
    }
    return [{
      arg,
      index,
      key: token.name,
      ...(token.value === undefined ? {} : { value: token.value }),
    }];
  });
}

/** For each name, the other names of the same flag. */
function aliasesOf(
  alias: Record<string, Names<string>>,
): Map<string, string[]> {
  return new Map(
    Object.entries(alias).flatMap(([key, others]) => {
      const names = [key, ...[others].flat()];
      return names.map((n) => [n, names.filter((m) => m !== n)] as const);
    }),
  );
}

/** A text as a number, if it is written as one. */
function numberOr<T>(value: T): T | number {
  return typeof value === "string" &&
      /^(0x[0-9a-f]+|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?)$/i.test(value)
    ? Number(value)
    : value;
}
