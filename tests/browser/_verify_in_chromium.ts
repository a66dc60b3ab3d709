/**
 * Runs both cells of a page that verifies in headless Chromium, by keyboard, and
 * prints, as JSON, what a reader sees and what axe finds. A process of its own,
 * as playwright asks for every permission.
 *
 * @module
 */
/// <reference lib="dom" />
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";
import { watchPage } from "../watch_page.ts";
import { readPage, type Seen } from "./_read_page.ts";

const url = Deno.args[0]!;
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox"],
});
const offline = await browser.newContext({
  viewport: { width: 360, height: 740 },
  offline: true,
});
const page = await offline.newPage();
const { requests, complaints } = watchPage(page);
await page.goto(url);
await page.waitForSelector("#run:not([hidden])");
// The skip link comes first, then the choice of a cell, then the button.
const stops: string[] = [];
for (let i = 0; i < 3; i++) {
  await page.keyboard.press("Tab");
  stops.push(
    await page.evaluate(() =>
      document.activeElement!.id || document.activeElement!.className
    ),
  );
}
const cells: Seen[] = [];
for (const key of ["Home", "End"]) {
  await page.focus("#cell");
  await page.keyboard.press(key);
  await page.focus("#start");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#training:not([hidden])");
  await page.waitForSelector("#result:not([hidden])");
  await page.waitForTimeout(700);
  cells.push(await page.evaluate(readPage));
}
const widths = await page.evaluate(() => [
  document.documentElement.scrollWidth,
  document.documentElement.clientWidth,
]);
await page.evaluate(() =>
  document.querySelectorAll("details").forEach((one) => one.open = true)
);
const violations: string[] = [];
for (const colorScheme of ["light", "dark"] as const) {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(axe.source);
  violations.push(
    ...await page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any
      const { violations } = await (globalThis as any).axe.run();
      // deno-lint-ignore no-explicit-any
      return violations.map((v: any) =>
        `${v.id}: ${v.nodes.length} ${v.nodes[0].html.slice(0, 120)}`
      );
    }),
  );
}
await offline.close();
const plain = await browser.newContext({ javaScriptEnabled: false });
const text = await plain.newPage();
await text.goto(url);
const withoutScript = await text.locator("body").innerText();
await browser.close();
const found = { cells, stops, requests, complaints, widths, violations };
console.log(JSON.stringify({ ...found, withoutScript }));
Deno.exit(0);
