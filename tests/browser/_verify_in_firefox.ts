/**
 * Runs both cells of a page that verifies in headless Firefox and prints, as
 * JSON, what a reader sees. A process of its own, as tests have no network.
 *
 * @module
 */
import { openFirefox } from "../open_firefox.ts";
import { readPage, type Seen } from "./_read_page.ts";

/** In the page: chooses a cell, presses the button, and waits for the verdict. */
const runCell = (index: number) =>
  `(async () => {
  const byId = (id) => document.getElementById(id);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  while (byId("run").hidden) await wait(50);
  byId("cell").value = "${index}";
  byId("cell").onchange();
  byId("start").click();
  while (byId("result").hidden || byId("training").hidden) await wait(50);
  await wait(700);
  return JSON.stringify((${readPage})());
})()`;

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
