import { type JsonSchema, typeOf } from "./json_type.ts";

/** A field of a JSON document, with the fields above it. */
export interface SchemaField {
  /** Such as `cells[].outcome.test.rows`. */
  readonly path: string;
  /** Its type in words, as Markdown. */
  readonly type: string;
  /** Whether a valid document may lack it. */
  readonly isOptional: boolean;
  /** Its description in the schema; empty where there is none. */
  readonly meaning: string;
}

/**
 * Lists all fields of a document, depth first. Where a field is one of several
 * objects, their fields are listed together.
 *
 * @param path Of the schema itself; empty for the document.
 */
export function fieldsOf(schema: JsonSchema, path = ""): SchemaField[] {
  const fields = new Map<string, SchemaField>();
  const objects = objectsOf(schema);
  for (const { properties = {} } of objects) {
    for (const [name, inner] of Object.entries(properties)) {
      const at = path === "" ? name : `${path}.${name}`;
      const isOptional = !objects.every(({ required = [] }) =>
        required.includes(name)
      );
      add(fields, {
        path: at,
        type: typeOf(inner),
        isOptional,
        meaning: inner.description ?? "",
      });
      for (const field of fieldsOf(...entryOf(inner, at))) add(fields, field);
    }
  }
  return [...fields.values()];
}

/** The objects that a schema stands for: itself, or its alternatives. */
function objectsOf(schema: JsonSchema): readonly JsonSchema[] {
  const choices = schema.anyOf ?? schema.oneOf ?? [schema];
  return choices.filter(({ properties }) => properties !== undefined);
}

/** What is in a list or in an object with free keys, or the schema itself. */
function entryOf(
  schema: JsonSchema,
  path: string,
): [schema: JsonSchema, path: string] {
  if (schema.items !== undefined) return entryOf(schema.items, `${path}[]`);
  const { additionalProperties: values } = schema;
  return typeof values === "object" && values.properties !== undefined
    ? entryOf(values, `${path}{}`)
    : [schema, path];
}

function add(fields: Map<string, SchemaField>, field: SchemaField): void {
  const { path, type, isOptional, meaning } = field;
  const known = fields.get(path);
  fields.set(
    path,
    known === undefined ? field : {
      path,
      type: ` or ${known.type} or `.includes(` or ${type} or `)
        ? known.type
        : `${known.type} or ${type}`,
      isOptional: known.isOptional || isOptional,
      meaning: known.meaning || meaning,
    },
  );
}
