import type { z } from "zod";
import { axes } from "../../src/spec/axes.ts";
import type { Axis } from "../../src/spec/axis.ts";
import { fieldConditions } from "../../src/spec/idle_fields.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { type Study, studySchema } from "../../src/spec/study.ts";
import { splitFallback } from "./fallback.ts";
import { type JsonSchema, jsonSchemaOf, typeOf } from "./json_type.ts";
import { code, codes, page, sentence, table } from "./markdown.ts";

/** What a field is when a study does not say, and what it means. */
interface FieldText {
  readonly fallback: string;
  readonly meaning: string;
}

/** `studies.md`: the fields of a study, and the studies that ship. */
export function studiesPage(): string {
  const { properties = {}, required = [] } = jsonSchemaOf(studySchema, "input");
  return page(
    "# Studies",
    `A study contains everything that decides the outcome of a sweep, and nothing
else. A study file is JSON with these fields; each field is also an option of
[\`sweep\`](commands.md#sweep): \`limitTrain\` is \`--limit-train\`. Editors can check
study files with the JSON Schema \`src/spec/study.schema.json\`. Unknown fields are
refused, and so are fields that would have no effect.`,
    `A field that is an *axis* is a list. The cells of a study are the product of
its axes, in this order, the last one changing fastest: ${
      codes(axes.map(({ field }) => field))
    }. [Axes](axes.md) explains every value. \`exclude\` leaves parts of the
product out: \`[{"policy": ["single-class"], "standIn": ["fresh"]}]\` runs fresh
images with all policies but one.`,
    "## Fields",
    table(
      ["field", "type", "default", "meaning"],
      Object.entries(properties).map(([field, schema]) => {
        const { fallback, meaning } = describe(field, schema);
        return [
          code(field),
          typeOf(schema) + (isAxis(field) ? " (axis)" : ""),
          required.includes(field) ? "none: it is required" : fallback,
          meaning,
        ];
      }),
    ),
    "## Fields with a condition",
    `A study that sets one of these fields without its condition is refused; only the
defaults of ${
      codes(
        fieldConditions.flatMap(({ field, usual }) =>
          usual === undefined ? [] : [field]
        ),
      )
    } are accepted in any case. Recorded studies of earlier versions, which accepted
more, stay readable. Values of an axis that give equal cells are not refused: these
cells are run once.`,
    table(
      ["field", "has an effect only with"],
      fieldConditions.map(({ field, need }) => [code(field), need]),
    ),
    "## Studies that ship with dupbench",
    "`deno task sweep --study NAME` runs one of them. Further options change its fields; the result file is then named after the study and a hash of its content.",
    Object.values(namedStudies).flatMap(describeStudy),
  );
}

const isAxis = (field: string) =>
  axes.some((axis: Axis) => axis.field === field);

function describe(field: string, schema: JsonSchema): FieldText {
  const { description = "", default: given } = schema;
  const { meaning, fallback: later } = splitFallback(description);
  if (given !== undefined) return { fallback: say(given), meaning };
  const condition = fieldConditions.some((of) => of.field === field);
  return { fallback: later ?? (condition ? "none" : "all or off"), meaning };
}

function say(value: unknown): string {
  if (value === "" || (Array.isArray(value) && value.length === 0)) {
    return "empty";
  }
  if (Array.isArray(value)) {
    return codes(
      value.map((x) => typeof x === "object" ? JSON.stringify(x) : x),
    );
  }
  return code(
    typeof value === "number" ? Number(value.toPrecision(4)) : String(value),
  );
}

function describeStudy(study: Study): string[] {
  const plain: Readonly<Record<string, unknown>> = studySchema.parse(
    {
      name: study.name,
    } satisfies z.input<typeof studySchema>,
  );
  const own = Object.entries(study).filter(([field, value]) =>
    field !== "name" && field !== "description" &&
    JSON.stringify(value) !== JSON.stringify(plain[field])
  );
  return [
    `### ${study.name}`,
    `${sentence(study.description)} ${planCells(study, "wasm").length} cells.`,
    table(
      ["field", "value"],
      own.map(([field, value]) => [code(field), say(value)]),
    ),
  ];
}
