import type { ResultSet } from "../results/result_set.ts";
import { describeProvenance } from "./describe_provenance.ts";
import { escapeHtml } from "./html.ts";

/**
 * Where and how a result set was made, as a table of HTML.
 *
 * @param path Of its file, for the command that verifies it.
 */
export function formatProvenanceTable(
  set: ResultSet,
  path: string | undefined,
): string {
  return `<table class="record"><tbody>${
    describeProvenance(set, path).map(([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${
        value.startsWith("deno task ")
          ? `<code>${escapeHtml(value)}</code>`
          : escapeHtml(value)
      }</td></tr>`
    ).join("")
  }</tbody></table>`;
}
