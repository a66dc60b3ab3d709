import {
  claims,
  FEWEST_SEEDS,
  verdictsNote,
} from "../../src/analysis/claims.ts";
import { metrics, type MetricTerm } from "../../src/spec/metrics.ts";
import { code, page, sentence, table } from "./markdown.ts";

/** `analysis.md`: what an analysis measures, and the rules of its verdicts. */
export function analysisPage(): string {
  return page(
    "# Metrics and claims",
    `[\`analyse\`](commands.md#analyse) tests these quantities and judges these
claims. [Method](../method.md#statistics) explains the tests.`,
    "## Metrics",
    table(
      ["metric", "title", "meaning", "unit of slopes"],
      Object.entries(metrics).map(
        ([name, { title, meaning, unit }]: [string, MetricTerm]) => [
          code(name),
          title,
          sentence(meaning),
          unit,
        ],
      ),
    ),
    "## Claims",
    `The claims are those of Aghabagherloo et al. 2025 (arXiv:2504.00638); claims 3 and
4 are one claim in the paper. Questions of this project follow. Each needs at least
${FEWEST_SEEDS} seeds. The [protocol](../protocol.md) explains how the rules were
fixed.`,
    `${verdictsNote[0]!.toUpperCase()}${verdictsNote.slice(1)}`,
    claims.flatMap((
      { origin, statement, rule, needs, informational = [] },
      i,
    ) => [
      `### ${origin === "paper" ? "Claim" : "Question"} ${i + 1}: ${statement}`,
      rule,
      `It needs ${needs}.`,
      ...(informational.length === 0 ? [] : [
        `For information, not part of the verdict: ${
          informational.map(({ label }) => label).join("; ")
        }.`,
      ]),
    ]),
  );
}
