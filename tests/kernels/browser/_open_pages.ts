/**
 * Opens pages that train with our kernels in a headless browser and prints, as
 * JSON, what came of each, and of the same training here. A process of its own, as playwright asks for every
 * permission. Arguments: `chromium` or `firefox`, and the names of pages.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { chromiumPath } from "../../chromium_available.ts";
import { openFirefox } from "../../open_firefox.ts";
import { serve } from "./_serve.ts";
import { trainInPage } from "./train_in_page.ts";

const [browserName, ...names] = Deno.args;
const { address, stop } = serve();
const found = browserName === "firefox"
  ? await openInFirefox()
  : await openInChromium();
await stop();
console.log(JSON.stringify({ ...found, here: await trainInPage() }));
Deno.exit(0);

async function openInChromium(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox"],
  });
  for (const name of names) {
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
  return found;
}

function openInFirefox(): Promise<Record<string, unknown>> {
  return openFirefox(async ({ goto, evaluate }) => {
    const found: Record<string, unknown> = {};
    for (const name of names) {
      await goto(`${address}/${name}.html`);
      found[name] = JSON.parse(await evaluate("trained.then(JSON.stringify)"));
    }
    return found;
  });
}
