/**
 * The kernels as users have them: installed from the tarball. Each engine runs
 * the same program, so each is the oracle of the others.
 */
import { assert, assertEquals } from "@std/assert";
import { chromiumTest } from "../chromium_available.ts";
import { firefoxTest } from "../firefox_available.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { equipUser, tensorflowAt } from "./_engines.ts";
import { installForUser, type UserFolder } from "./_install.ts";

const kernels = "@dupbench/wasm-training";

/** What the program prints on an engine; its losses fall. */
async function trainOn(
  { run }: UserFolder,
  [command, ...words]: readonly [string, ...string[]],
): Promise<string> {
  const { stdout } = await run(command, ...words, "run_program.mjs");
  const { losses } = JSON.parse(stdout) as { losses: number[] };
  assert(losses.at(-1)! < 0.2 * losses[0]!, stdout);
  return stdout.trim();
}

let onNode: Promise<string> | undefined;

/** What it prints on the Node that is on PATH. */
const trainOnNode = (): Promise<string> =>
  onNode ??= equipUser().then((folder) => trainOn(folder, ["node"]));

slowTest(
  "packages: the kernels train alike on Node from 20.16 on, Bun and Deno",
  async () => {
    const folder = await equipUser();
    for (const [name, command] of Object.entries(folder.engines)) {
      assertEquals(await trainOn(folder, command), await trainOnNode(), name);
    }
  },
);

slowTest(
  "packages: the kernels train alike with the oldest TensorFlow.js that they allow",
  async () => {
    const old = await installForUser([kernels, ...tensorflowAt("4.0.0")]);
    assertEquals(await trainOn(old, ["node"]), await trainOnNode());
  },
);

slowTest("packages: the kernels bring no other package", async () => {
  const { path } = await installForUser([kernels, "--omit=peer"]);
  const names = await Array.fromAsync(
    Deno.readDir(`${path}/node_modules`),
    ({ name }) => name,
  );
  assertEquals(names.filter((name) => !name.startsWith(".")), ["@dupbench"]);
});

let app: Promise<string> | undefined;

/** The folder of the app that Vite builds from the user's program. */
const buildApp = (): Promise<string> =>
  app ??= equipUser().then(async ({ path, run }) => {
    const vite = `${path}/node_modules/.bin/vite`;
    await run(vite, "build", "--logLevel", "error");
    return `${path}/dist`;
  });

for (
  const [browser, test] of [
    ["chromium", chromiumTest],
    ["firefox", firefoxTest],
  ] as const
) {
  test("a Vite app trains with the kernels as Node does", async () => {
    const { run } = await equipUser();
    const script = fromFileUrl(new URL("./_open_app.ts", import.meta.url));
    const { stdout } = await run(
      ...[Deno.execPath(), "run", "--no-prompt", "--allow-all"] as const,
      ...[script, browser, await buildApp()],
    );
    assertEquals(stdout.trim(), await trainOnNode());
  });
}
