/**
 * Opens a page that verifies in a headless browser, and runs its cell once with
 * each choice of files; prints, as JSON, what a reader sees after each. A process
 * of its own, as browsers ask for every permission. Arguments: the browser, the
 * page, and the choices as JSON: lists of paths.
 *
 * @module
 */
import { openChromium } from "../open_chromium.ts";
import { openFirefox } from "../open_firefox.ts";
import type { Seen } from "./_read_page.ts";
import { runCell } from "./_run_cell.ts";

const [browser, url, choices] = Deno.args as [string, string, string];
const open = browser === "firefox" ? openFirefox : openChromium;
const seen = await open(async ({ goto, evaluate, chooseFiles }) => {
  await goto(url);
  const seen: Seen[] = [];
  for (const paths of JSON.parse(choices) as string[][]) {
    await chooseFiles("#files", paths);
    seen.push(JSON.parse(await evaluate(runCell(0))));
  }
  return seen;
});
console.log(JSON.stringify(seen));
Deno.exit(0);
