/**
 * Opens pages that train with our kernels in headless Chromium and prints, as
 * JSON, what came of each. A process of its own, as playwright asks for every
 * permission.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { chromiumPath } from "../../chromium_available.ts";
import { serve } from "./_serve.ts";

const { address, stop } = serve();
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox"],
});
const found: Record<string, unknown> = {};
for (const name of Deno.args) {
  const page = await browser.newPage();
  page.on("console", (message) => console.error(name, message.text()));
  page.on("pageerror", (error) => console.error(name, String(error)));
  await page.goto(`${address}/${name}.html`);
  found[name] = await page.evaluate(() =>
    (globalThis as unknown as { trained: Promise<unknown> }).trained
  );
  await page.close();
}
await browser.close();
await stop();
console.log(JSON.stringify(found));
Deno.exit(0);
