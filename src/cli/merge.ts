import { realpath } from "node:fs/promises";
import { countOf } from "../core/count_of.ts";
import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { formatResultSet } from "../results/format_result_set.ts";
import { mergeProvenance } from "../results/merge_provenance.ts";
import { mergeResultSets } from "../results/merge_result_sets.ts";
import { requireReplaceable } from "../results/require_replaceable.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import { noteAdapters } from "./note_adapters.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";
import { requireEnding } from "./require_ending.ts";

const options = z.strictObject({
  files: files({ usage: "merge FILE.json…" }),
  out: filePath("FILE.json").optional().describe(
    "Result-set file to write (default results/local/NAME.json)",
  ),
});

/** `merge FILE…`: joins shards into the result set of the whole study. */
export const mergeCommand = defineCommand({
  examples: ["1-of-2.json 2-of-2.json -o merged.json"],
  usage: "FILE.json… [-o OUT.json]",
  options,
  operands: "files",
  help:
    `The digest is that of a study run without shards. Cells in several files must
agree bit for bit, and every cell of the study must be present.
Exit codes: 0 all cells finished; 1 some failed in every file; 2 wrong usage or
an unusable file.`,
  async run({ files, out }, io) {
    if (out !== undefined) requireEnding(out, { endings: [".json"] });
    const parts = await readSets(files, io);
    const set = mergeResultSets(
      parts,
      await mergeProvenance(parts, { command: ["merge", ...io.words] }),
    );
    const path = out ?? `results/local/${set.study.name}.json`;
    const there = await realpath(io.path(path)).catch(() => null);
    for (const part of parts) {
      if (there === null || there !== await realpath(io.path(part.path))) {
        continue;
      }
      throw new UsageError(
        `--out must be another file than those that are merged, got "${path}"`,
      );
    }
    const failed = set.cells.filter(({ status }) => status === "failed");
    await requireReplaceable(io.path(path), {
      ...set,
      backend: set.cells[0]?.config.backend,
      failed: failed.length,
    });
    await writeFileAtomically(io.path(path), formatResultSet(set));
    io.print(
      `${countOf(set.cells.length, "cell")} of ${
        countOf(parts.length, "file")
      }\ndigest ${set.digest}\nwrote  ${path}`,
    );
    noteAdapters(set, io);
    for (const { id } of failed) {
      io.note(`Cell ${id} failed in every file`);
    }
    return failed.length === 0 ? 0 : 1;
  },
});
