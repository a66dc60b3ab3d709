import { readPage } from "./_read_page.ts";

/**
 * An expression for a page that verifies: it chooses a cell, presses the button,
 * waits for the verdict, and gives what a reader sees, as JSON.
 *
 * @param index Which cell.
 */
export const runCell = (index: number): string =>
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
