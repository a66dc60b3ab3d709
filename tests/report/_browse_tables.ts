/**
 * Opens a page from disk in headless Chromium, with all details open, and prints as
 * JSON, for a desktop and a phone, how wide the page is and which tables have to be
 * scrolled sideways.
 *
 * @module
 */
/// <reference lib="dom" />
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";

const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox"],
});
const found: Record<number, unknown> = {};
for (const width of [1280, 360]) {
  const page = await browser.newPage({
    offline: true,
    viewport: { width, height: 900 },
  });
  await page.goto(Deno.args[0]!);
  found[width] = await page.evaluate(() => {
    document.querySelectorAll("details").forEach((one) => one.open = true);
    const tables = [...document.querySelectorAll(".scroll")];
    return {
      page: document.documentElement.scrollWidth,
      tables: tables.length,
      scrolled: tables.filter((one) => one.scrollWidth > one.clientWidth)
        .map((one) => one.getAttribute("aria-label")),
      // Beyond a row's names, so that numbers are in sight next to them.
      names: tables.map((one) =>
        one.querySelector("tbody th")!.getBoundingClientRect().width
      ),
    };
  });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(found));
