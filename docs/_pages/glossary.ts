import { attackFamilies } from "../../src/spec/attacks.ts";
import { augmentations } from "../../src/spec/augmentations.ts";
import { axes } from "../../src/spec/axes.ts";
import type { Axis } from "../../src/spec/axis.ts";
import { nearKinds } from "../../src/spec/axes/copies.ts";
import { backends } from "../../src/spec/backends.ts";
import { datasets } from "../../src/spec/datasets.ts";
import { metrics } from "../../src/spec/metrics.ts";
import { optimizers } from "../../src/spec/optimizers.ts";
import { schedules } from "../../src/spec/schedules.ts";
import type { Term } from "../../src/spec/term.ts";
import { code, page, sentence, table } from "./markdown.ts";
import { words } from "./words.ts";

/** Tables of spec: what their entries are, and the page that has them. */
const tables: readonly {
  readonly kind: string;
  readonly terms: Readonly<Record<string, Term>>;
  readonly link: string;
}[] = [
  ...axes.flatMap(({ heading, terms }: Axis) =>
    terms === undefined
      ? []
      : [{ kind: heading, terms, link: "reference/axes.md" }]
  ),
  { kind: "near copy", terms: nearKinds, link: "reference/axes.md" },
  { kind: "attack", terms: attackFamilies, link: "reference/attacks.md" },
  { kind: "augmentation", terms: augmentations, link: "reference/training.md" },
  { kind: "backend", terms: backends, link: "reference/training.md" },
  { kind: "data set", terms: datasets, link: "reference/data_sets.md" },
  { kind: "metric", terms: metrics, link: "reference/analysis.md" },
  { kind: "optimizer", terms: optimizers, link: "reference/training.md" },
  { kind: "schedule", terms: schedules, link: "reference/training.md" },
];

/** `glossary.md`: the terms of this project, then the names in studies. */
export function glossaryPage(): string {
  const own = Object.entries(words).sort(([a], [b]) => a.localeCompare(b));
  return page(
    "# Glossary",
    "The program, its messages and these pages use these terms in this sense only.",
    "## Terms",
    table(
      ["term", "meaning"],
      own.map(([word, meaning]) => [`**${word}**`, meaning]),
    ),
    "## Names in studies and result sets",
    table(
      ["name", "is a", "meaning"],
      tables.flatMap(({ kind, terms, link }) =>
        Object.entries(terms).map(([name, { meaning }]) => [
          code(name),
          `[${kind}](${link})`,
          sentence(meaning),
        ])
      ),
    ),
  );
}
