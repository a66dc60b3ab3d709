import { messageOf, UsageError } from "../core/errors.ts";
import { describeNewerForm } from "./newer_writer.ts";

/** A result set as it is in a file, before its form is known. */
export type RawResultSet = Readonly<Record<string, unknown>>;

/** How one version of the form becomes the next. */
export interface Migration {
  /**
   * The digest of a set of the older form, by the rule of that form: the digest
   * in the file covers the older form and no other.
   */
  digest(set: RawResultSet): string;
  /** The same content in the next form; its digest is set by the caller. */
  migrate(set: RawResultSet): RawResultSet;
}

/** The forms that can be read, and how. */
export interface Forms {
  /** Version that this dupbench writes. */
  current: number;
  /** How each version below `current` becomes the next. */
  migrations: Readonly<Record<number, Migration>>;
  /** Digest of a set of the current form, which it will be checked against. */
  digest(set: RawResultSet): string;
}

const PREFIX = "dupbench/result-set/";

/**
 * Brings a result set to the current form, one version at a time. A digest that
 * matches the content as it was written is replaced by that of the current form; a
 * set whose digest does not match is refused, as that could not be seen later. A
 * set of the current form is returned as it is, unchecked.
 *
 * @throws {UsageError} If it is no result set, of an unknown version, or older and
 * not of the form of its version or with a digest that does not match.
 */
export function migrateResultSet(
  value: unknown,
  { current, migrations, digest }: Forms,
): RawResultSet {
  let set = value as RawResultSet;
  const schema = typeof value === "object" && value !== null
    ? set.schema
    : undefined;
  if (typeof schema !== "string" || !schema.startsWith(PREFIX)) {
    throw new UsageError(
      `it is not a result set: "schema" must be "${PREFIX}${current}", got ${
        JSON.stringify(schema) ?? "none"
      }`,
    );
  }
  const written = Number(schema.slice(PREFIX.length));
  if (written === current) return set;
  const newer = describeNewerForm(set, PREFIX + current);
  if (newer !== undefined) throw new UsageError(newer);
  if (!Object.hasOwn(migrations, written)) {
    throw new UsageError(
      `its schema version must be one that this dupbench knows (${
        [...Object.keys(migrations), current].join(", ")
      }), got "${schema}"`,
    );
  }
  // Migrations rely on the form that they read, and nothing has checked it.
  const orRefuse = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      throw new UsageError(
        `it does not have the form of version ${written}: ${messageOf(error)}`,
      );
    }
  };
  const expected = orRefuse(() => migrations[written]!.digest(set));
  if (set.digest !== expected) {
    throw new UsageError(
      `its digest, of version ${written}, does not match its content: expected ${expected}, got ${set.digest}`,
    );
  }
  for (let version = written; version < current; version++) {
    set = {
      ...orRefuse(() => migrations[version]!.migrate(set)),
      schema: `${PREFIX}${version + 1}`,
    };
  }
  return { ...set, digest: orRefuse(() => digest(set)) };
}
