import { csvText } from "../core/csv.ts";
import type { ComparedTime, Comparison } from "./comparison.ts";

/**
 * Writes a comparison as CSV (RFC 4180), one row per piece of work and file other
 * than the first. Numbers keep all their digits; absent values are empty.
 */
export function formatCsv(comparison: Comparison): string {
  const rows = comparison.kind === "result sets"
    ? comparison.rows.map((row) => ({
      ...timeFields(comparison, row),
      firstEpochReferenceMs: row.firstEpoch.referenceMs,
      firstEpochComparedMs: row.firstEpoch.comparedMs,
      firstEpochRatio: row.firstEpoch.ratio,
      outcome: row.outcome.verdict,
      largestLossDifference: row.outcome.largestLossDifference,
      smallestAgreement: row.outcome.smallestAgreement,
      ...Object.fromEntries(row.accuracies.flatMap((score) => [
        [`${score.evaluation} reference`, score.reference / score.rows],
        [`${score.evaluation} compared`, score.compared / score.rows],
        [`${score.evaluation} difference`, score.difference],
      ])),
    }))
    : comparison.rows.map((row) => ({
      ...timeFields(comparison, row),
      avgRatio: row.ratios.avg,
      minRatio: row.ratios.min,
      p75Ratio: row.ratios.p75,
      referenceCalls: row.reference.n,
      comparedCalls: row.compared.n,
    }));
  // A run that diverged has no accuracies, so not every row has every field.
  const headings = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row: Record<string, unknown>) =>
    headings.map((heading) => row[heading])
  );
  return csvText([headings, ...lines]);
}

function timeFields({ files }: Comparison, row: ComparedTime) {
  return {
    work: row.label,
    reference: files[0]!.file,
    compared: row.file,
    referenceMs: row.referenceMs,
    comparedMs: row.comparedMs,
    ratio: row.time?.ratio ?? null,
    low: row.time?.interval?.low ?? null,
    high: row.time?.interval?.high ?? null,
    confidence: row.time?.interval?.confidence ?? null,
  };
}
