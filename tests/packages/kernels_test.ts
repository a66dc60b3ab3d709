/**
 * The kernels as users have them: installed from the tarball. Each engine runs
 * the same program, so each is the oracle of the others.
 */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { chromiumTest } from "../chromium_available.ts";
import { hasFirefox } from "../firefox_available.ts";
import { inUserFolder, type UserFolder } from "./_install.ts";
import { packageTest } from "./_package_test.ts";

const kernels = "@dupbench/wasm-training";
const bun = "bun@1.4.5";
const tensorflow = ["tfjs", "tfjs-backend-wasm"];
const tfjsAt = (version: string) =>
  tensorflow.map((name) => `@tensorflow/${name}@${version}`);

/** What the program prints on every engine; its losses fall. */
async function trainOn(
  { run }: UserFolder,
  ...command: [string, ...string[]]
): Promise<string> {
  const { stdout } = await run(...command, "run_program.mjs");
  const { losses } = JSON.parse(stdout) as { losses: number[] };
  assert(losses.at(-1)! < 0.2 * losses[0]!, stdout);
  return stdout.trim();
}

const deno = [Deno.execPath(), "run", "--no-prompt", "--allow-all"] as const;

chromiumTest(
  "a Vite app trains with the kernels, in Firefox too, and Node, Bun and Deno train alike",
  () =>
    inUserFolder(
      [kernels, ...tfjsAt("4.22.0"), "vite@8.4.0", bun],
      async (folder) => {
        const printed = await trainOn(folder, "node");
        assertEquals(await trainOn(folder, ...deno), printed);
        const own = `${folder.path}/node_modules/.bin`;
        assertEquals(await trainOn(folder, `${own}/bun`), printed);
        await folder.run(`${own}/vite`, "build", "--logLevel", "error");
        assertEquals(await trainIn("chromium", folder), printed);
        if (hasFirefox) assertEquals(await trainIn("firefox", folder), printed);
      },
    ),
);

packageTest(
  "the kernels bring no other package",
  () =>
    inUserFolder([kernels, "--omit=peer"], async ({ path }, seconds) => {
      const names = await Array.fromAsync(
        Deno.readDir(`${path}/node_modules`),
        ({ name }) => name,
      );
      assertEquals(names.filter((name) => !name.startsWith(".")), [
        "@dupbench",
      ]);
      console.log(`kernels: installed in ${seconds.toFixed(1)} s`);
    }),
);

packageTest(
  "the oldest TensorFlow.js of the range and the newest, Node 20 and 24, Bun and Deno train alike",
  async () => {
    const results: Record<string, string> = {};
    const engines = ["node@24", bun];
    await inUserFolder([kernels, ...tfjsAt("4.0.0")], async (folder) => {
      results["node, 4.0.0"] = await trainOn(folder, "node");
    });
    await inUserFolder(
      [kernels, ...tfjsAt("4.22.0"), ...engines],
      async (folder, seconds) => {
        const own = `${folder.path}/node_modules/.bin`;
        results["node"] = await trainOn(folder, "node");
        results["node 24"] = await trainOn(folder, `${own}/node`);
        results["bun"] = await trainOn(folder, `${own}/bun`);
        results["deno"] = await trainOn(folder, ...deno);
        console.log(`with engines: installed in ${seconds.toFixed(1)} s`);
      },
    );
    console.log(results);
    assertEquals(new Set(Object.values(results)).size, 1);
  },
);

/** What the page of the built app shows in a browser. */
async function trainIn(
  browser: "chromium" | "firefox",
  { path, run }: UserFolder,
): Promise<string> {
  const script = fileURLToPath(new URL("./_open_app.ts", import.meta.url));
  const { stdout } = await run(...deno, script, browser, `${path}/dist`);
  return stdout.trim();
}
