import { assert, assertEquals, assertThrows } from "@std/assert";
import { digestOf } from "../../src/core/digest.ts";
import { UsageError } from "../../src/core/errors.ts";
import {
  type Forms,
  migrateResultSet,
  type RawResultSet,
} from "../../src/results/migrate.ts";
import { version } from "../../src/results/versions.ts";

const schemaOf = (version: number) => `dupbench/result-set/${version}`;
const without = (set: RawResultSet, ...fields: string[]) =>
  Object.fromEntries(Object.entries(set).filter(([f]) => !fields.includes(f)));

/** The digest of version 0: over accuracies, in percent, and nothing else. */
const digestOfZero = ({ accuracies }: RawResultSet) =>
  digestOf({ percent: [...accuracies as number[]] });
/** That of every later version here: over all but itself. */
const digestOfLater = (set: RawResultSet) => digestOf(without(set, "digest"));

/** A chain of three forms, each with something that the next has otherwise. */
const forms: Forms = {
  current: 2,
  digest: digestOfLater,
  migrations: {
    // Percent of a hundred images became counts.
    0: {
      digest: digestOfZero,
      migrate: ({ accuracies, ...rest }) => ({
        ...rest,
        correct: [...accuracies as number[]],
        rows: 100,
      }),
    },
    // One list became one object an entry.
    1: {
      digest: digestOfLater,
      migrate: ({ correct, rows, ...rest }) => ({
        ...rest,
        cells: (correct as number[]).map((correct) => ({ correct, rows })),
      }),
    },
  },
};

const zero = seal(digestOfZero, {
  schema: schemaOf(0),
  name: "old",
  accuracies: [71, 68],
});
const one = seal(digestOfLater, {
  schema: schemaOf(1),
  name: "old",
  correct: [71, 68],
  rows: 100,
});
const two = seal(digestOfLater, {
  schema: schemaOf(2),
  name: "old",
  cells: [{ correct: 71, rows: 100 }, { correct: 68, rows: 100 }],
});

function seal(digest: (set: RawResultSet) => string, set: RawResultSet) {
  return { ...set, digest: digest(set) };
}

Deno.test("migrateResultSet() brings every older version to the current one, with the digest of that", () => {
  for (const set of [zero, one, two]) {
    assertEquals(migrateResultSet(set, forms), two);
  }
  const { digest } = migrateResultSet(zero, forms);
  assert(digest !== zero.digest, "each form has a digest of its own");
});

Deno.test("migrateResultSet() takes a chain of one step, from version 0 to 1", () => {
  const { 0: first } = forms.migrations;
  const short = { ...forms, current: 1, migrations: { 0: first! } };
  assertEquals(migrateResultSet(zero, short), one);
});

Deno.test("migrateResultSet() leaves what it is given as it was", () => {
  const set = structuredClone(zero);
  migrateResultSet(set, forms);
  assertEquals(set, zero);
});

Deno.test("migrateResultSet() returns a current set as it is, whatever its digest: that is checked later", () => {
  const set = { ...two, digest: "edited" };
  assertEquals(migrateResultSet(set, forms), set);
});

Deno.test("migrateResultSet() refuses an older set that was edited, by the digest of its own form", () => {
  for (
    const [set, version] of [
      [{ ...zero, accuracies: [71, 69] }, 0],
      [{ ...one, rows: 101 }, 1],
    ] as const
  ) {
    assertThrows(
      () => migrateResultSet(set, forms),
      UsageError,
      `its digest, of version ${version}, does not match its content: expected `,
    );
  }
});

Deno.test("migrateResultSet() refuses versions that nobody knows, and says which are known", () => {
  for (const schema of [-1, 1.5].map(schemaOf)) {
    assertThrows(
      () => migrateResultSet({ ...two, schema }, forms),
      UsageError,
      `its schema version must be one that this dupbench knows (0, 1, 2), got "${schema}"`,
    );
  }
});

Deno.test("migrateResultSet() says of a later version that a newer dupbench wrote it", () => {
  assertThrows(
    () => migrateResultSet({ ...two, schema: schemaOf(3) }, forms),
    UsageError,
    `it was written by a newer dupbench: its "schema" is "${
      schemaOf(3)
    }", and dupbench ${version} reads "${schemaOf(2)}" at most`,
  );
});

Deno.test("migrateResultSet() refuses what is no result set", () => {
  for (const value of [null, 1, "x", [], {}, { schema: "other/1" }]) {
    assertThrows(
      () => migrateResultSet(value, forms),
      UsageError,
      `it is not a result set: "schema" must be "${schemaOf(2)}", got `,
    );
  }
});

Deno.test("migrateResultSet() refuses an older set that is not of the form of its version", () => {
  const broken = without(zero, "accuracies");
  assertThrows(
    () => migrateResultSet(broken, forms),
    UsageError,
    "it does not have the form of version 0: ",
  );
  const list = seal(digestOfLater, { ...without(one, "digest"), correct: 7 });
  assertThrows(
    () => migrateResultSet(list, forms),
    UsageError,
    "it does not have the form of version 1: ",
  );
});
