import { axes } from "../../src/spec/axes.ts";
import type { Axis, CoordinateRole } from "../../src/spec/axis.ts";
import { nearKinds } from "../../src/spec/axes/copies.ts";
import { policies, type PolicyTerm } from "../../src/spec/policies.ts";
import type { Term } from "../../src/spec/term.ts";
import { code, codes, page, sentence, table } from "./markdown.ts";

const roles: Readonly<Record<CoordinateRole, string>> = {
  condition:
    "A condition: it also applies at ratio 0, and cells that differ in it are never paired.",
  duplication:
    "It sets how copies are made, so it does not apply at ratio 0: that cell is run once and shared by all values.",
  ratio: "It sets the number of copies.",
  replicate: "It repeats the same experiment with other random numbers.",
};

/** `axes.md`: every axis of a study with its values. */
export function axesPage(): string {
  return page(
    "# Axes",
    `The cells of a study are the product of these fields. Each is a list in a
study file and an option of [\`sweep\`](commands.md#sweep).`,
    axes.flatMap(describeAxis),
    "## Fields of policies",
    "Some policies have a field of their own; [studies](studies.md#fields) has its type and meaning.",
    table(
      ["policy", "fields"],
      Object.entries(policies).flatMap(
        ([name, { fields = {} }]: [string, PolicyTerm]) =>
          Object.keys(fields).length === 0
            ? []
            : [[code(name), codes(Object.keys(fields))]],
      ),
    ),
    "## Kinds of near copies",
    "`nearKinds` selects among these kinds; each copy draws one of them, all equally likely.",
    termTable("kind", nearKinds),
  );
}

function describeAxis(axis: Axis): string[] {
  const { field, heading, role, meaning, fallback, terms, mayBeOne } = axis;
  return [
    `## ${sentence(heading)}`,
    `${sentence(meaning)}. ${roles[role]}`,
    `Field ${code(field)}; default ${codes(fallback)}.${
      mayBeOne ? " A study file may also have one value without a list." : ""
    }`,
    ...(terms === undefined ? [] : [termTable("value", terms)]),
  ];
}

/** A table of names, what they are called and what they mean. */
export function termTable(
  heading: string,
  terms: Readonly<Record<string, Term>>,
): string {
  return table(
    [heading, "in tables and plots", "meaning"],
    Object.entries(terms).map(([name, { title, meaning }]) => [
      code(name),
      title,
      sentence(meaning),
    ]),
  );
}
