import { chromium } from "playwright-core";
import { chromiumPath } from "./chromium_available.ts";
import type { BrowserPage } from "./open_firefox.ts";

/**
 * Opens Debian's Chromium.
 *
 * @param use Gets a page; the browser is closed after it.
 */
export async function openChromium<Result>(
  use: (page: BrowserPage) => Promise<Result>,
): Promise<Result> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    chromiumSandbox: Deno.uid() !== 0,
  });
  try {
    const page = await browser.newPage();
    return await use({
      goto: async (url) => void await page.goto(url),
      evaluate: (expression) => page.evaluate(expression),
      chooseFiles: (selector, paths) => page.setInputFiles(selector, paths),
    });
  } finally {
    await browser.close();
  }
}
