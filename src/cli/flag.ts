import type { z } from "zod";

/** A flag, as the schema of its field describes it. */
export interface Flag {
  /** The field that takes its value. */
  readonly field: string;
  /** Its name without dashes. */
  readonly flag: string;
  /** What its value, or each of a list, is. */
  readonly kind: "boolean" | "number" | "string";
  /** Whether its value is a list, its entries separated by commas. */
  readonly isList: boolean;
  /** Whether it is given once for each entry of a list: these may have commas. */
  readonly isRepeated?: boolean;
  /** The word for a list without entries, where it may have none. */
  readonly emptyWord?: string;
  /** Whether a single entry is no list. */
  readonly mayBeOne?: boolean;
  /** What the help calls a value. */
  readonly placeholder: string;
  /** The names that a value may be; where it is a path, those of other values. */
  readonly choices: readonly string[];
  /** What its value is the path of, where it is one. */
  readonly path?: PathKind | undefined;
  /** One line of help. */
  readonly description: string;
  /** The default of the schema; `undefined`: there is none. */
  readonly fallback: unknown;
}

/** What a path is the path of. */
export type PathKind = "file" | "folder";

/** What a schema's `.meta` may say for its flag. */
interface FlagMeta {
  /** What the help calls a value. */
  readonly value?: string;
  /** What the value is the path of. */
  readonly path?: PathKind;
  /** Names that the value may be, where its schema does not list them. */
  readonly choices?: readonly string[];
  /** Whether a list is given entry by entry, in place of commas. */
  readonly isRepeated?: boolean;
  /** The default, where the schema does not fill it in itself. */
  readonly fallback?: unknown;
}

/** The fields whose flag has a name of its own. */
const names: Readonly<Record<string, string>> = { dataDir: "data" };

/** The flag of a field: `limitTrain` is `limit-train`, but `dataDir` is `data`. */
export function flagOf(field: string): string {
  return names[field] ?? derivedFlagOf(field);
}

/**
 * A text in terms of the command line: it names fields, as files have them. Fields
 * of one word are words of the language, too, and stay.
 *
 * @param schema Whose fields are replaced by their flags.
 */
export function nameFlagsIn(text: string, { shape }: z.ZodObject): string {
  return text.replace(
    /\b[a-z]+[A-Z][A-Za-z]*\b/g,
    (word) => Object.hasOwn(shape, word) ? `--${flagOf(word)}` : word,
  );
}

/** The name that follows from that of the field, which is taken in any case. */
export function derivedFlagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flags of a schema, in its order; fields that hold objects have none. */
export function describeFlags(schema: z.ZodObject): Flag[] {
  return Object.entries(schema.shape).flatMap(([field, type]) =>
    isObject(type as unknown as Schema) ? [] : [{
      field,
      flag: flagOf(field),
      ...describeValue(type as unknown as Schema),
    }]
  );
}

function isObject({ def: { type, innerType, element } }: Schema): boolean {
  const inner = innerType ?? element;
  return inner === undefined
    ? type === "record" || type === "object"
    : isObject(inner);
}

/** What zod's schemas have in common, as far as it is read here. */
interface Schema {
  readonly description?: string | undefined;
  meta(): FlagMeta | undefined;
  readonly def: {
    readonly type: string;
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly checks?: readonly {
      readonly _zod: { readonly def: { readonly check: string } };
    }[];
    readonly options?: readonly Schema[];
    readonly values?: readonly unknown[];
    readonly defaultValue?: unknown;
    readonly entries?: Readonly<Record<string, string>>;
  };
}

/** The word for a list without entries. */
const EMPTY = "none";

/** Whether a list must have entries. */
function hasLeast({ def: { checks = [] } }: Schema): boolean {
  return checks.some(({ _zod }) => _zod.def.check === "min_length");
}

/** What one schema says of its value; that of a wrapper goes first. */
function describeValue(schema: Schema): Omit<Flag, "field" | "flag"> {
  const { value, path, choices, isRepeated, fallback } = schema.meta() ?? {};
  const { def, description } = schema;
  const own = {
    ...(description !== undefined && { description }),
    ...(value !== undefined && { placeholder: value }),
    ...(path !== undefined && { path }),
    ...(choices !== undefined && { choices }),
    ...(isRepeated && { isRepeated, isList: false }),
    ...(fallback !== undefined && { fallback }),
  };
  const leaf = {
    isList: false,
    choices: [],
    description: "",
    fallback: undefined,
  };
  switch (def.type) {
    case "optional":
    case "nullable":
      return { ...describeValue(def.innerType!), ...own };
    case "default":
      return {
        ...describeValue(def.innerType!),
        fallback: def.defaultValue,
        ...own,
      };
    case "array":
      return {
        ...describeValue(def.element!),
        isList: true,
        ...(!hasLeast(schema) && { emptyWord: EMPTY }),
        ...own,
      };
    case "union": {
      const options = def.options!.map(describeValue);
      const list = options.find(({ isList }) => isList);
      if (list !== undefined) return { ...list, mayBeOne: true, ...own };
      // Numbers and names: what is no number stays text.
      return {
        ...leaf,
        kind: options.some(({ kind }) => kind === "number")
          ? "number"
          : "string",
        choices: options.flatMap(({ choices }) => choices),
        placeholder: options.map(({ placeholder }) => placeholder).join("|"),
        ...own,
      };
    }
    case "literal": {
      const names = def.values!.map(String);
      const placeholder = names.join("|");
      return { ...leaf, kind: "string", choices: names, placeholder, ...own };
    }
    case "enum": {
      const names = Object.values(def.entries!);
      const placeholder = names.join("|");
      return { ...leaf, kind: "string", choices: names, placeholder, ...own };
    }
    case "number":
      return { ...leaf, kind: "number", placeholder: "NUMBER", ...own };
    case "boolean":
    case "string":
      return { ...leaf, kind: def.type, placeholder: "TEXT", ...own };
    default:
      throw new TypeError(
        `A flag must be a boolean, number, string or a list of them, got ${def.type}`,
      );
  }
}
