import type { Study } from "./study_types.ts";

/** A field whose default for new studies is not what recorded studies did. */
interface RenewedField<Value extends string = string> {
  /** What a new study does where it does not say. */
  readonly current: Value;
  /** What a study did that was recorded before it said. */
  readonly recorded: Value;
  /** The version since which studies say it. */
  readonly since: string;
  /** Whether the field has an effect in a study; default: in every one. */
  readonly applies?: (study: Pick<Study, "dataset">) => boolean;
}

/**
 * The fields of a study whose default differs between new studies and those that
 * were recorded without the field. What is `recorded` is in no cell's config, so
 * that the ids of recorded cells stay as they are.
 */
export const renewedFields = {
  batching: { current: "full", recorded: "partial-last", since: "0.3.0" },
  split: {
    current: "groups",
    recorded: "images",
    since: "0.3.0",
    applies: isFolder,
  },
  imageSize: {
    current: "common",
    recorded: "32",
    since: "0.4.0",
    applies: isFolder,
  },
} as const satisfies {
  readonly [F in keyof Study]?: RenewedField<Extract<Study[F], string>>;
};

function isFolder({ dataset }: Pick<Study, "dataset">): boolean {
  return dataset === "folder";
}

/** Name of a field whose default differs between new and recorded studies. */
export type RenewedFieldName = keyof typeof renewedFields;

/** The values of such fields that are in the config of cells, if any. */
export type RenewedValues<F extends RenewedFieldName> = {
  [K in F]?: typeof renewedFields[K]["current"];
};

const entries = Object.entries(renewedFields) as [
  RenewedFieldName,
  RenewedField,
][];

/** A study that is to be run now: what earlier versions did is not its default. */
export function renewStudy(study: Study): Study {
  return fillIn(study, "current");
}

/**
 * A recorded study, to be run again: what it did where it does not say is said,
 * since a new study would do something else.
 */
export function repeatableStudy(study: Study): Study {
  return fillIn(study, "recorded");
}

/** The default of a field in words, for help and schemas. */
export function describeRenewed(field: RenewedFieldName): string {
  const { current, recorded, since } = renewedFields[field];
  return `${current}; ${recorded} in studies recorded before ${since}`;
}

/**
 * A field for the config of a cell: nothing where the study does what recorded
 * studies did that lack it.
 */
export function renewedValue<F extends RenewedFieldName>(
  study: Study,
  field: F,
): RenewedValues<F> {
  const { current } = renewedFields[field];
  return (study[field] === current
    ? { [field]: current }
    : {}) as RenewedValues<
      F
    >;
}

function fillIn(study: Study, of: "current" | "recorded"): Study {
  const missing = entries.filter(([field, { applies }]) =>
    study[field] === undefined && (applies?.(study) ?? true)
  );
  return {
    ...study,
    ...Object.fromEntries(missing.map(([field, entry]) => [field, entry[of]])),
  };
}
