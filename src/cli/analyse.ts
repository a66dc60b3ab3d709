import { realpath } from "node:fs/promises";
import { z } from "zod";
import { analyse, type Analysis } from "../analysis/analyse.ts";
import {
  formatAnalysis,
  formatClaim,
  formatCondition,
  formatLevelComparison,
} from "../analysis/format_analysis.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { formatJson } from "../core/read_json.ts";
import { nameShard } from "../results/name_part.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";
import { isUnnamed } from "./require_ending.ts";
import { requireOwnAnalysis } from "./require_own_analysis.ts";

const options = z.strictObject({
  files: files({ usage: "analyse FILE.json…" }),
  out: filePath("NAME").optional().describe(
    "Files to write, with the extensions .json and .md (default: the first file's name with -analysis)",
  ),
  margin: z.number().gt(0).default(1).describe(
    "Smallest change of accuracy that matters, in percentage points",
  ),
  accuracy: z.number().gt(0).max(1).optional().describe(
    "Target of the times and images to an accuracy, from 0 to 1 (default: for each seed, the highest that all its ratios reach; in comparisons with a control, the highest that all compared ratios of both reach)",
  ),
});

/** `analyse FILE…`: tests the paper's claims on result sets. */
export const analyseCommand = defineCommand({
  examples: [
    "results/quick.json",
    "a.json b.json --margin 0.5 -o results/both",
  ],
  usage: "FILE.json… [options]",
  options,
  operands: "files",
  help:
    `Several result sets are analysed together. The seed is the unit of every test;
tests of accuracies are also over test images. The rules of the verdicts are in
docs/protocol.md and in the output; p-values are adjusted over all claims. Files
that are not an earlier analysis are not replaced.`,
  async run({ files, out, margin, accuracy }, io) {
    const read = await readSets(files, io);
    const paths = read.map(({ path }) => io.path(path));
    const sets = read.map(({ set }) => set);
    sets.forEach(({ shard }, i) => {
      if (shard === undefined) return;
      throw new UsageError(
        `"${read[i]!.path}" is ${
          nameShard(shard)
        } of its study: merge the shards before analyse`,
      );
    });
    const chosen = out?.replace(/\.(json|md)$/, "");
    if (chosen !== undefined && isUnnamed(chosen)) {
      throw new UsageError(
        chosen === out
          ? `--out must name files, not a folder, got "${out}"`
          : `--out must have a name before ${
            out!.slice(chosen.length)
          }, got "${out}"`,
      );
    }
    const base = chosen ??
      `${read[0].path.replace(/\.(json|zip)$/, "")}-analysis`;
    const there = await Promise.all(paths.map((path) => realpath(path)));
    const target = await realpath(io.path(`${base}.json`)).catch(() => "");
    if (there.includes(target)) {
      throw new UsageError(
        `--out must be another file than the result sets, got "${base}.json"`,
      );
    }
    await requireOwnAnalysis(io.path(base));
    const analysis = analyse(sets, { margin, accuracy });
    await writeFileAtomically(
      io.path(`${base}.json`),
      formatAnalysisFile(analysis),
    );
    await writeFileAtomically(io.path(`${base}.md`), formatAnalysis(analysis));
    io.print(
      analysis.claims
        .map((claim, i) => formatClaim(claim, i).replaceAll("**", ""))
        .join("\n\n"),
    );
    for (const condition of analysis.conditions) {
      io.print(`\n${formatCondition(condition, margin)}`);
    }
    for (const comparison of analysis.levels) {
      io.print(`\n${formatLevelComparison(comparison)}`);
    }
    io.print(`\nwrote ${base}.json and ${base}.md`);
    return 0;
  },
});

/** The text of an analysis's file; what it is replaced by must be able to read it. */
function formatAnalysisFile(analysis: Analysis): string {
  try {
    return formatJson(analysis);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `The analysis would be too large to be read again (${
        messageOf(error)
      }): analyse fewer result sets at a time`,
    );
  }
}
