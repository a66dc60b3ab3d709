/**
 * Opens a page from disk in headless Chromium and prints what it found, as
 * JSON. A process of its own, as playwright asks for every permission.
 *
 * @module
 */
/// <reference lib="dom" />
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";
import { watchPage } from "../watch_page.ts";

const url = Deno.args[0]!;
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox"],
});
const found: Record<string, unknown> = {};
const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 740 };
for (const colorScheme of ["light", "dark"] as const) {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    offline: true,
    colorScheme,
    viewport: narrow,
  });
  const page = await context.newPage();
  const { requests, complaints } = watchPage(page);
  await page.goto(url);
  // The page's own scripts are off; the browser can still be asked.
  const widths = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  const ground = await page.evaluate(() =>
    getComputedStyle(document.body).backgroundColor
  );
  const line = await page.evaluate(() =>
    getComputedStyle(document.querySelector(".panel svg [stroke='#0072b2']")!)
      .stroke
  );
  const lefts = await page.evaluate(() =>
    ["h1", ".contents a", "figcaption"].map((selector) =>
      document.querySelector(selector)!.getBoundingClientRect().left
    )
  );
  const overview = { requests, complaints, widths, ground, line, lefts };
  let print: unknown = null;
  if (colorScheme === "light") {
    const pdf = await page.pdf({ format: "A4" });
    await page.emulateMedia({ media: "print" });
    const tables = await page.evaluate(() =>
      [...document.querySelectorAll("table.data")].map((table) =>
        table.getBoundingClientRect().height
      )
    );
    print = { head: pdf.subarray(0, 5).toString(), bytes: pdf.length, tables };
  }
  await context.close();
  const judged = await browser.newContext({
    colorScheme,
    viewport: wide,
    offline: true,
  });
  const tab = await judged.newPage();
  await tab.goto(url);
  await tab.evaluate(axe.source);
  const violations: string[] = [];
  for (const state of ["closed", "open"]) {
    await tab.evaluate(
      (isOpen) =>
        document.querySelectorAll("details").forEach((d) => d.open = isOpen),
      state === "open",
    );
    violations.push(
      ...await tab.evaluate(async () => {
        // deno-lint-ignore no-explicit-any
        const { violations } = await (globalThis as any).axe.run();
        // deno-lint-ignore no-explicit-any
        return violations.map((v: any) =>
          `${v.id}: ${v.nodes.length} ${v.nodes[0].html.slice(0, 120)}`
        );
      }),
    );
  }
  await tab.keyboard.press("Tab");
  const firstStop = await tab.evaluate(() => document.activeElement?.className);
  await judged.close();
  found[colorScheme] = { ...overview, print, violations, firstStop };
}
await browser.close();
console.log(JSON.stringify(found));
