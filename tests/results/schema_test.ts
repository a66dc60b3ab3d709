import { assert, assertEquals, assertMatch } from "@std/assert";

/** A field of a JSON Schema. */
interface Field {
  readonly path: string;
  readonly description: string;
  readonly isRequired: boolean;
}

/** All fields of a schema's part, but not those of what it refers to. */
function fieldsOf(part: unknown, path = ""): Field[] {
  if (typeof part !== "object" || part === null) return [];
  if (Array.isArray(part)) return part.flatMap((one) => fieldsOf(one, path));
  const { properties = {}, required = [], ...rest } = part as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [{
      path: `${path}.${name}`,
      description: field.description ?? "",
      isRequired: required.includes(name),
    }, ...fieldsOf(field, `${path}.${name}`)]),
    ...fieldsOf(Object.values(rest), path),
  ];
}

const { properties: { study: _, ...properties }, required } = JSON.parse(
  await Deno.readTextFile(
    new URL("../../src/results/result_set.schema.json", import.meta.url),
  ),
);
// Without the study, which has defaults in whatever file it is; networks, which
// have, too, are definitions that the schema refers to.
const fields = fieldsOf({ properties, required });

Deno.test("result_set.schema.json has no defaults for what is recorded, and says what it means that a field is absent", () => {
  assert(fields.length > 200, `${fields.length} fields`);
  for (const { path, description, isRequired } of fields) {
    assertEquals(description.includes("(default"), false, path);
    if (!isRequired) assertMatch(description, /\babsent\b/, path);
  }
});

Deno.test("result_set.schema.json says what was done where a record does not say how images were read", () => {
  const endOf = (name: string) =>
    fields.find(({ path }) => path === `.cells.config.dataset.reading.${name}`)!
      .description.replace(/^.*; /, "");
  // Before 0.4.0 there was no other size.
  assertEquals(endOf("imageSize"), "absent: 32");
  assertEquals(endOf("imageFit"), "absent: stretch");
});
