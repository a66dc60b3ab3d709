import { resultSetSchema, SCHEMA_ID } from "../../src/results/result_set.ts";
import { flagMeanings } from "../../src/report/reliability.ts";
import { flagNames } from "../../src/results/outcome.ts";
import { jsonSchemaOf } from "./json_type.ts";
import { code, page, sentence, table } from "./markdown.ts";
import { fieldsOf } from "./schema_fields.ts";

/** Fields with a table of their own, by path; the rest is in the first. */
const parts = {
  "": "The file",
  "cells[]": "Cells",
  "cells[].config": "Config of a cell",
  "cells[].duplication": "Duplication of a cell",
  "cells[].outcome": "Outcome of a cell",
  "cells[].timing": "Timing of a cell",
  "provenance": "Provenance",
} as const;

type PartPath = keyof typeof parts;

/** Fields that are described elsewhere: their own fields are left out. */
const elsewhere = ["study", "parts[].provenance"];

/** `result_sets.md`: every field of the file that a sweep writes. */
export function resultSetsPage(): string {
  const fields = fieldsOf(jsonSchemaOf(resultSetSchema, "output"))
    .filter(({ path }) => !elsewhere.some((of) => path.startsWith(`${of}.`)));
  const own = Map.groupBy(fields, ({ path }) => partOf(path));
  return page(
    "# Result sets",
    `A sweep writes one JSON file, a *result set* of the format \`${SCHEMA_ID}\`. Its
JSON Schema is \`src/results/result_set.schema.json\`. Outcomes are counts, never
rates. Times are in milliseconds. \`[]\` marks an entry of a list, \`{}\` a value of
an object whose keys are free.`,
    `\`digest\` covers everything that is deterministic: \`schema\`, \`study\`, \`shard\`,
\`dataset\` and, of each cell, all but \`timing\` and \`error\`. \`timing\`, \`error\`,
\`provenance\` and \`parts\` may differ between two runs of one study.`,
    `The fields of \`study\` are those of [studies](studies.md), with every default
filled in. Files of older versions are migrated when they are read.
[\`verify\`](commands.md#verify) checks a file.`,
    Object.entries(parts).flatMap(([path, title]) => [
      `## ${title}`,
      ...(path === "" ? [] : [`Fields of ${code(path)}.`]),
      table(
        ["field", "type", "meaning"],
        (own.get(path as PartPath) ?? []).map((field) => [
          code(field.path.slice(path === "" ? 0 : path.length + 1)),
          field.type + (field.isOptional ? " (may be absent)" : ""),
          field.meaning,
        ]),
      ),
    ]),
    "## Flags",
    "A flag marks a cell whose result is doubtful. Reports list the flags that were raised.",
    table(
      ["flag", "meaning"],
      flagNames.map((flag) => [code(flag), sentence(flagMeanings[flag])]),
    ),
  );
}

/** The longest part that a field is inside of. */
function partOf(path: string): PartPath {
  return (Object.keys(parts) as PartPath[]).findLast((part) =>
    part === "" || path.startsWith(`${part}.`)
  )!;
}
