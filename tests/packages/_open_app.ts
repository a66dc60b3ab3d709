/**
 * Opens a built app in a headless browser and prints what its page shows. A
 * process of its own, as playwright asks for every permission. Arguments:
 * `chromium` or `firefox`, and the folder of the app.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { chromiumPath } from "../chromium_available.ts";
import { openFirefox } from "../open_firefox.ts";

const [browserName, folder] = Deno.args as [string, string];
const types: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  wasm: "application/wasm",
};
const server = Deno.serve(
  { port: 0, hostname: "localhost", onListen: () => {} },
  async (request) => {
    const name = new URL(request.url).pathname.replace(/\/$/, "/index.html");
    const type = types[name.split(".").at(-1)!] ?? "text/plain";
    const file = await Deno.readFile(`${folder}${name}`).catch(() => null);
    return new Response(file, {
      status: file === null ? 404 : 200,
      headers: { "content-type": type },
    });
  },
);
const address = `http://localhost:${server.addr.port}/`;
console.log(
  browserName === "firefox" ? await readInFirefox() : await readInChromium(),
);
await server.shutdown();

async function readInChromium(): Promise<string> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    chromiumSandbox: Deno.uid() !== 0,
  });
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(address);
    await page.waitForSelector("#result:not(:empty)").catch((error) => {
      throw new Error(`${error}: ${faults.join("; ")}`);
    });
    return await page.textContent("#result") ?? "";
  } finally {
    await browser.close();
  }
}

function readInFirefox(): Promise<string> {
  return openFirefox(async ({ goto, evaluate }) => {
    await goto(address);
    return await evaluate(`new Promise((resolve) => {
      const look = () => {
        const { textContent } = document.querySelector("#result");
        textContent === "" ? setTimeout(look, 100) : resolve(textContent);
      };
      look();
    })`);
  });
}
