/**
 * Builds the packages for npm as tarballs, into the folder that is named.
 *
 * @module
 */
import { writePackages } from "./write_packages.ts";

const [folder = "results/local/npm"] = Deno.args;
for (const { path, bytes } of await writePackages(folder)) {
  console.log(`Wrote ${bytes} bytes to ${path}`);
}
