import { makeVerifyingPage } from "../../src/browser/make_verifying_page.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { small, sweep } from "../sweep/tiny_sweep.ts";

/** A page that verifies, on disk. */
export interface MadePage {
  /** Where it opens from. */
  readonly url: string;
  /** Its text. */
  readonly html: string;
  /** The cell that was recorded as it ran. */
  readonly honest: FinishedCell;
  /** The cell of which one number was changed, here as it ran. */
  readonly forged: FinishedCell;
}

/**
 * Trains two cells, changes a number of the second one, and writes the page that
 * holds both: a test image more than were classified correctly.
 */
export async function makePage(folder: string): Promise<MadePage> {
  const set = await sweep(folder, small);
  const [honest, forged] = set.cells as [FinishedCell, FinishedCell];
  const changed = structuredClone(forged);
  changed.outcome.test!.clean.correct++;
  const html = await makeVerifyingPage(
    { ...set, cells: [honest, changed] },
    { path: "results/tiny.json" },
  );
  await Deno.writeTextFile(`${folder}/verify.html`, html);
  return { url: `file://${folder}/verify.html`, html, honest, forged };
}
