/**
 * Opens a page of duplicates from disk in headless Chromium, uses it by the
 * keyboard, and prints what it found, as JSON. A process of its own, as
 * playwright asks for every permission.
 *
 * @module
 */
/// <reference lib="dom" />
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";
import { type Watched, watchPage } from "../watch_page.ts";

const url = Deno.args[0]!;
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox"],
});
const found: Record<string, unknown> = {};
const watched: Watched = { requests: [], complaints: [] };

/** The page in a window of its own. */
async function open(width: number, colorScheme: "light" | "dark") {
  const context = await browser.newContext({
    offline: true,
    colorScheme,
    viewport: { width, height: 900 },
    bypassCSP: false,
  });
  const page = await context.newPage();
  watchPage(page, watched);
  page.on("dialog", (dialog) => watched.complaints.push(dialog.message()));
  await page.goto(url);
  return page;
}

for (const colorScheme of ["light", "dark"] as const) {
  const narrow = await open(360, colorScheme);
  const widths = await narrow.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  const ground = await narrow.evaluate(() =>
    getComputedStyle(document.body).backgroundColor
  );
  await narrow.context().close();
  found[colorScheme] = { widths, ground };
}

const page = await open(1280, "light");
const shown = () =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("article.group")]
      .filter(({ hidden }) => !hidden)
      .map((group) => group.querySelector(".path")!.textContent)
  );
const status = () => page.locator("#status").textContent();
found.all = await shown();
found.names = await page.locator(".path").allTextContents();
// Every picture is loaded: they wait until they are near the window.
for (const picture of await page.locator("img").all()) {
  await picture.scrollIntoViewIfNeeded();
}
await page.waitForFunction(() =>
  [...document.images].every(({ complete }) => complete)
);
found.pictures = await page.evaluate(() =>
  [...document.images].map(({ naturalWidth }) => naturalWidth > 0)
);
found.marks = await page.evaluate(() => ({
  pwned: "pwned" in globalThis,
  scripts: document.scripts.length,
  handlers: document.querySelectorAll("[onerror],[onclick],[onmouseover]")
    .length,
  foreign: document.querySelectorAll("main b, main iframe, main a").length,
}));
// By the keyboard: the link, the choice of groups, sorting, searching.
await page.evaluate(() => scrollTo(0, 0));
await page.keyboard.press("Tab");
found.firstStop = await page.evaluate(() => document.activeElement!.className);
await page.keyboard.press("Tab");
const byKind: Record<string, unknown> = {};
for (const kind of ["across", "conflict", "exact", "near"]) {
  await page.keyboard.press("ArrowRight");
  byKind[kind] = { shown: await shown(), status: await status() };
}
found.byKind = byKind;
await page.keyboard.press("ArrowRight");
await page.keyboard.press("Tab");
await page.keyboard.press("End");
found.byName = await shown();
await page.keyboard.press("Tab");
await page.keyboard.type("MIRRORED");
found.searched = { shown: await shown(), status: await status() };

for (const colorScheme of ["light", "dark"] as const) {
  // Its own script is refused by the policy of the page, unless that is off.
  const context = await browser.newContext({
    bypassCSP: true,
    offline: true,
    colorScheme,
    viewport: { width: 1280, height: 900 },
  });
  const judged = await context.newPage();
  await judged.goto(url);
  await judged.evaluate(axe.source);
  found[`violations ${colorScheme}`] = await judged.evaluate(async () => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run();
    // deno-lint-ignore no-explicit-any
    return violations.map((v: any) =>
      `${v.id}: ${v.nodes.length} ${v.nodes[0].html.slice(0, 120)}`
    );
  });
  await context.close();
}
await browser.close();
console.log(JSON.stringify({ ...found, ...watched }));
