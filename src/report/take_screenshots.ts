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

/**
 * How the browser is started: without a network, since every connection goes to
 * a proxy that does not exist, and in its sandbox, which it has not as root.
 */
const launchOptions = {
  executablePath: chromiumPath,
  chromiumSandbox: Deno.uid() !== 0,
  args: [
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
  ],
};

/** Takes all pictures and returns their paths. */
export async function takeScreenshots(
  page: string,
  folder: string,
): Promise<string[]> {
  const url = toFileUrl(resolve(page)).href;
  await Deno.mkdir(folder, { recursive: true });
  const browser = await chromium.launch(launchOptions);
  const paths: string[] = [];
  try {
    for (const { name, width, height, colorScheme } of views) {
      const tab = await browser.newPage({
        viewport: { width, height },
        colorScheme,
        javaScriptEnabled: false,
        offline: true,
      });
      await tab.goto(url);
      for (const fullPage of [false, true]) {
        const path = `${folder}/${name}${fullPage ? "-full" : ""}.png`;
        await tab.screenshot({ path, fullPage });
        paths.push(path);
      }
      await tab.close();
    }
    const tab = await browser.newPage({
      javaScriptEnabled: false,
      offline: true,
    });
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
