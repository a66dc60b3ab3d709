import { countOf } from "../core/count_of.ts";
import { markdownCode, markdownText, oneLine } from "../core/clean_text.ts";
import { activitiesOf, type Activity } from "../results/activities_of.ts";
import { repeatCommand } from "../results/repeat_command.ts";
import type { ResultSet } from "../results/result_set.ts";
import { MANIFEST } from "./checksums.ts";
import { type CrateFile, type CrateOptions, METADATA } from "./crate_file.ts";
import { paper } from "./paper.ts";
import { shortfallsOf } from "./shortfalls.ts";
import { nameEngine } from "../results/engine_of.ts";

/** Text of a crate for readers: its files, how to verify it and how to repeat it. */
export function crateReadme(
  set: ResultSet,
  files: readonly CrateFile[],
  { license, authors }: CrateOptions,
): string {
  const { study, digest, provenance, cells, dataset } = set;
  const notes = shortfallsOf(set);
  const { git } = provenance;
  const runs = activitiesOf(set).filter(({ isMerge }) => !isMerge);
  const engines = new Set(runs.map((run) => nameEngine(run.provenance)));
  const backend = cells[0]?.config.backend ?? "none";
  return `# dupbench result set "${markdownText(study.name)}"

${
    markdownText(study.description) ||
    "The effect of duplicated training images on a classifier."
  }

${countOf(cells.length, "training run")} on ${
    markdownText(dataset.name)
  }, backend ${backend}, finished
${provenance.finishedAt}. Digest: \`${digest}\`.
${
    notes.length === 0
      ? ""
      : `\n**Note.** ${notes.map((line) => `${line}.`).join(" ")}\n`
  }
## Files

| file | content |
| --- | --- |
${files.map(({ path, description }) => row(path, description)).join("\n")}
${row(METADATA, "This description in machine-readable form (RO-Crate 1.1)")}
${row(MANIFEST, "SHA-256 of every other file")}

## Verify

\`\`\`sh
sha256sum -c ${MANIFEST}
\`\`\`

## Repeat

With dupbench ${markdownText(provenance.dupbench)}${
    git === null
      ? " (commit unknown)"
      : `, git commit ${markdownText(git.commit)}${
        git.dirty ? " (with local changes that are not in it)" : ""
      }`
  }, and ${markdownText([...engines].join(" or "))}:

\`\`\`sh
deno task sweep --study data/${study.name}.study.json --out again.json
\`\`\`

${describeCommands(runs)} On the
backend ${backend}${
    backend === "webgpu" ? " and the same adapter" : ""
  } the digest must be the same; times differ.

## Columns of the tables

${
    files.filter(({ columns }) => columns !== undefined).map((
      { path, columns },
    ) =>
      `\`${path}\`:\n\n| column | type | meaning |\n| --- | --- | --- |\n${
        columns!.map(({ name, type, description }) =>
          `| \`${name}\` | ${type.toLowerCase()} | ${cell(description)} |`
        ).join("\n")
      }`
    ).join("\n\n")
  }

Empty fields are absent values. Text that a spreadsheet would read as a formula
is preceded by an apostrophe.

## Licence and citation

The results are under ${license.id} (\`LICENSE.txt\`)${
    authors.length === 0 ? "" : `, their authors: ${
      // A name may have a comma.
      authors.map(({ name }) => markdownText(name)).join("; ")}`
  }. The software is
dupbench (\`dupbench-CITATION.cff\`). The results test claims of: ${
    paper.authors.join(", ")
  }: _${paper.title}_,
${paper.venue} ${paper.year}, pp. ${paper.pages} (arXiv:${paper.arxiv}).
`;
}

/** The commands that ran the cells, in a sentence. */
function describeCommands(runs: readonly Activity[]): string {
  const commands = new Set(
    runs.flatMap(({ provenance }) => repeatCommand(provenance) ?? [])
      .map(markdownCode),
  );
  const [command, ...more] = commands;
  if (command === undefined) return "The original command is unknown.";
  return more.length === 0
    ? `The original command was ${command}.`
    : `The original commands, whose results were joined, were ${
      [...commands].join(", ")
    }.`;
}

function row(path: string, description: string): string {
  return `| \`${path}\` | ${cell(description)} |`;
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|").replaceAll("`", "'");
}
