import { type Finding, findingOf } from "./finding.ts";
import type { ReportContent } from "./report_content.ts";

/**
 * What a page begins with: the answer of a paired study of duplicates, where the
 * report is of one, otherwise what the verdicts say.
 */
export function openingOf(
  { verdict, analysis }: Pick<ReportContent, "verdict" | "analysis">,
): Finding {
  return verdict === undefined
    ? findingOf(analysis.claims)
    : { headline: verdict.text.headline, further: verdict.text.lines };
}
