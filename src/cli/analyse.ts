import { realpath } from "node:fs/promises";
import { z } from "zod";
import { analyse } from "../analysis/analyse.ts";
import { formatAnalysis, formatClaim } from "../analysis/format_analysis.ts";
import { UsageError } from "../core/errors.ts";
import { readResultSet } from "../results/read_result_set.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";

const options = z.strictObject({
  files: z.array(z.string()).default([]).describe("Result sets to analyse"),
  out: z.string().min(1).optional().describe(
    "Files to write, with the endings .json and .md (default: the first file's name and -analysis)",
  ).meta({ value: "NAME" }),
  margin: z.number().gt(0).default(1).describe(
    "Change of accuracy that is worth naming, in points",
  ),
  accuracy: z.number().gt(0).max(1).optional().describe(
    "Accuracy to take the time to, from 0 to 1 (default: for each seed the highest that all its ratios reach)",
  ),
});

/** `analyse FILE…`: tests the paper's claims on result sets. */
export const analyseCommand: Command = {
  name: "analyse",
  summary: "Test and judge the paper's claims on result sets",
  examples: [
    "results/quick.json",
    "a.json b.json --margin 0.5 -o results/both",
  ],
  usage: "FILE.json… [options]",
  options,
  operands: "files",
  help:
    `Several result sets are analysed together. The seed is the unit of every test;
the rules of the verdicts are in src/analysis/claims.ts and in the output.`,
  async run(flags) {
    const { files, out, margin, accuracy } = validate(options, flags);
    if (files.length === 0) {
      throw new UsageError(
        "Cannot analyse as there must be a result set: current value is no file",
      );
    }
    const sets = await Promise.all(files.map(readResultSet));
    sets.forEach(({ shard }, i) => {
      if (shard === undefined) return;
      throw new UsageError(
        `Cannot analyse "${
          files[i]
        }" as it must be a whole study: it is shard ${shard.index} of ${shard.count}; merge the shards first`,
      );
    });
    const analysis = analyse(sets, { margin, accuracy });
    const base = out?.replace(/\.(json|md)$/, "") ??
      `${files[0]!.replace(/\.json$/, "")}-analysis`;
    const there = await Promise.all(files.map((file) => realpath(file)));
    const target = await realpath(`${base}.json`).catch(() => "");
    if (there.includes(target)) {
      throw new UsageError(
        `Cannot take --out: must be another file than the result sets: current value is "${out}"`,
      );
    }
    await writeFileAtomically(
      `${base}.json`,
      JSON.stringify(analysis, null, 2) + "\n",
    );
    await writeFileAtomically(`${base}.md`, formatAnalysis(analysis));
    console.log(
      analysis.claims
        .map((claim, i) => formatClaim(claim, i).replaceAll("**", ""))
        .join("\n\n"),
    );
    console.log(`\nwrote ${base}.json and ${base}.md`);
    return 0;
  },
};
