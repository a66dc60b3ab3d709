import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { commands } from "../../src/cli/commands.ts";
import { describeFlags } from "../../src/cli/flag.ts";
import { jsonSchemaOf, typeOf } from "../../docs/_pages/json_type.ts";
import { fieldsOf } from "../../docs/_pages/schema_fields.ts";
import { resultSetSchema } from "../../src/results/result_set.ts";
import { studySchema } from "../../src/spec/study.ts";

Deno.test("fieldsOf() lists nested fields, entries and alternatives once each", () => {
  const schema = z.strictObject({
    name: z.literal(["a", "b"]).describe("A name"),
    rows: z.array(z.strictObject({ n: z.int().min(0).max(5) })),
    byKey: z.record(z.string(), z.strictObject({ on: z.boolean() })),
    kind: z.union([
      z.strictObject({ type: z.literal("x"), size: z.number().gt(0) }),
      z.strictObject({ type: z.literal("y").describe("Of either") }),
    ]).optional(),
    end: z.string().nullable(),
  });
  assertEquals(
    fieldsOf(jsonSchemaOf(schema, "output")).map(
      ({ path, type, isOptional, meaning }) =>
        `${path}: ${type}${isOptional ? "?" : ""}${meaning && `, ${meaning}`}`,
    ),
    [
      "name: one of `a`, `b`, A name",
      "rows: list of objects",
      "rows[].n: whole number, at least 0, at most 5",
      "byKey: object",
      "byKey{}.on: true or false",
      "kind: object?",
      'kind.type: `"x"` or `"y"`, Of either',
      "kind.size: number, above 0?",
      "end: text or `null`",
    ],
  );
});

Deno.test("typeOf() says what hashes, dates and choices in lists are", () => {
  const types = [
    [z.string().regex(/^[0-9a-f]{64}$/), "64 hexadecimal digits"],
    [z.iso.datetime(), "date and time (ISO 8601)"],
    [z.array(z.enum(["a", "b"])), "list of `a`, `b`"],
    [z.array(z.int().min(1)), "list of whole numbers, at least 1"],
  ] as const;
  for (const [schema, expected] of types) {
    assertEquals(typeOf(jsonSchemaOf(schema, "output")), expected);
  }
});

Deno.test("reference: every field of a study and of a result set has a meaning", () => {
  for (const schema of [studySchema, resultSetSchema]) {
    const fields = fieldsOf(jsonSchemaOf(schema, "input"));
    assert(fields.length > 30);
    assertEquals(
      fields.filter(({ meaning }) => meaning === "").map(({ path }) => path),
      [],
    );
  }
});

Deno.test("reference: every option of a command has a meaning", async () => {
  for (const { name, load } of commands) {
    const { options, operands } = await load();
    assertEquals(
      describeFlags(options).filter(({ field, description }) =>
        field !== operands && description === ""
      )
        .map(({ flag }) => `${name} --${flag}`),
      [],
    );
  }
});
