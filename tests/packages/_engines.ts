import process from "node:process";
import { installForUser, type UserFolder } from "./_install.ts";

/** The program of Node in npm's packages, for this platform. */
const node = `npm:node-${
  process.platform.replace("win32", "win")
}-${process.arch}`;

/** What is installed next to the packages, by the name of its folder. */
const installed = {
  "node-oldest": `node-oldest@${node}@20.16.0`,
  "node-24": `node-24@${node}@24`,
  bun: "bun@1.4.5",
};

/** A command that starts a script, by what runs it: each engine without a page. */
export type Engines = Readonly<Record<string, readonly [string, ...string[]]>>;

/** A folder with the tool, the kernels, and the engines that run them. */
export interface EquippedFolder extends UserFolder {
  readonly engines: Engines;
}

/** The releases of TensorFlow.js that the kernels are tried with. */
export const tensorflowAt = (version: string): string[] =>
  ["tfjs", "tfjs-backend-wasm"].map((name) => `@tensorflow/${name}@${version}`);

let equipped: Promise<EquippedFolder> | undefined;

/**
 * The folder of a user who has installed both packages, a bundler and all
 * engines: installed once for all tests, since the tool brings 400 packages.
 */
export function equipUser(): Promise<EquippedFolder> {
  return equipped ??= (async () => {
    const folder = await installForUser([
      ...["dupbench", "@dupbench/wasm-training", "vite@8.4.0"],
      "typescript@6.0.3",
      ...tensorflowAt("4.22.0"),
      ...Object.values(installed),
    ]);
    const modules = `${folder.path}/node_modules`;
    const engines: Engines = {
      "Node": ["node"],
      // The oldest that `engines` of the packages allows.
      "Node 20.16": [`${modules}/node-oldest/bin/node`],
      "Node 24": [`${modules}/node-24/bin/node`],
      "Bun": [`${modules}/.bin/bun`],
      "Deno": [Deno.execPath(), "run", "--no-prompt", "--allow-all"],
    };
    return { ...folder, engines };
  })();
}
