/**
 * Runs both cells of a page that verifies in headless Firefox and prints, as
 * JSON, what a reader sees. A process of its own, as tests have no network.
 *
 * @module
 */
import { openFirefox } from "../open_firefox.ts";
import type { Seen } from "./_read_page.ts";
import { runCell } from "./_run_cell.ts";

const seen = await openFirefox(async ({ goto, evaluate }) => {
  await goto(Deno.args[0]!);
  const cells: Seen[] = [];
  for (const index of [0, 1]) {
    cells.push(JSON.parse(await evaluate(runCell(index))));
  }
  return cells;
});
console.log(JSON.stringify({ cells: seen }));
Deno.exit(0);
