import { makeVerifyingPage } from "../../src/browser/make_verifying_page.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { inFolder, small, sweep } from "../sweep/tiny_sweep.ts";

/** A page that verifies two cells. */
export interface MadePage {
  readonly html: string;
  /** The cell that was recorded as it ran. */
  readonly honest: FinishedCell;
  /** The cell of which the page holds one number changed; here as it ran. */
  readonly forged: FinishedCell;
}

let made: MadePage | undefined;

/**
 * Trains two cells, changes a number of the second one, and gives the page that
 * holds both, on disk: there one more test image is correct than was. Both cells
 * are trained once per process.
 */
export async function withPage(
  use: (page: MadePage, url: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    made ??= await makePage(folder);
    await Deno.writeTextFile(`${folder}/verify.html`, made.html);
    await use(made, `file://${folder}/verify.html`);
  });
}

async function makePage(folder: string): Promise<MadePage> {
  const set = await sweep(folder, small);
  const [honest, forged] = set.cells as [FinishedCell, FinishedCell];
  const changed = structuredClone(forged);
  changed.outcome.test!.clean.correct++;
  const html = await makeVerifyingPage(
    { ...set, cells: [honest, changed] },
    { path: "results/tiny.json" },
  );
  return { html, honest, forged };
}
