/**
 * Takes pictures of a report in headless Chromium: desktop and phone, light and
 * dark, and print. Arguments: the page and the folder to write.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL as toFileUrl } from "node:url";
import { chromium } from "playwright-core";

/** The browser of Debian's package, or the one that `CHROMIUM` names. */
export const chromiumPath: string = Deno.env.get("CHROMIUM") ??
  "/usr/bin/chromium";

const views = [
  { name: "desktop-light", width: 1280, height: 900, colorScheme: "light" },
  { name: "desktop-dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone-light", width: 360, height: 740, colorScheme: "light" },
] as const;

/** Takes all pictures and returns their paths. */
export async function takeScreenshots(
  page: string,
  folder: string,
): Promise<string[]> {
  const url = toFileUrl(resolve(page)).href;
  await Deno.mkdir(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox"],
  });
  const paths: string[] = [];
  try {
    for (const { name, width, height, colorScheme } of views) {
      const tab = await browser.newPage({
        viewport: { width, height },
        colorScheme,
        javaScriptEnabled: false,
      });
      await tab.goto(url);
      for (const fullPage of [false, true]) {
        const path = `${folder}/${name}${fullPage ? "-full" : ""}.png`;
        await tab.screenshot({ path, fullPage });
        paths.push(path);
      }
      await tab.close();
    }
    const tab = await browser.newPage({ javaScriptEnabled: false });
    await tab.goto(url);
    const path = `${folder}/print.pdf`;
    await tab.pdf({ path, format: "A4", preferCSSPageSize: true });
    paths.push(path);
  } finally {
    await browser.close();
  }
  return paths;
}

if (import.meta.main) {
  const [page, folder] = Deno.args;
  if (page === undefined || folder === undefined) {
    console.error("Usage: deno task report:shot PAGE.html FOLDER");
    Deno.exit(2);
  }
  console.log((await takeScreenshots(page, folder)).join("\n"));
}
