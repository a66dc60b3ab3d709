/**
 * Opens a built app in headless Chromium and prints what its page shows. A
 * process of its own, as playwright asks for every permission. Argument: the
 * folder of the app.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";

const folder = Deno.args[0]!;
const browser = await chromium.launch({
  executablePath: chromiumPath,
  chromiumSandbox: Deno.uid() !== 0,
});
try {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  // In place of a server.
  await page.route("http://app.test/**", async (route) => {
    const name = new URL(route.request().url()).pathname
      .replace(/\/$/, "/index.html");
    await route.fulfill({ path: `${folder}${name}` })
      .catch(() => route.fulfill({ status: 404 }));
  });
  await page.goto("http://app.test/");
  await page.waitForSelector("#result:not(:empty)").catch((error) => {
    throw new Error(`${error}: ${faults.join("; ")}`);
  });
  console.log(await page.textContent("#result") ?? "");
} finally {
  await browser.close();
}
