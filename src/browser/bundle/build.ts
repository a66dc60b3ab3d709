/**
 * Bundles the scripts of a page that verifies, with TensorFlow.js: `client.js`
 * and `worker.js`. With `--check` it writes nothing and fails unless the
 * committed files equal those of a fresh build.
 *
 * @module
 */
import { stop } from "esbuild";
import { bundleScript } from "./bundle_script.ts";
import { resolvePackages } from "./resolve_packages.ts";

const packages = await resolvePackages("src/browser/worker.ts");
try {
  for (
    const [name, entry] of [
      ["worker.js", "src/browser/worker.ts"],
      ["client.js", "src/browser/client/main.ts"],
    ] as const
  ) {
    const fresh = await bundleScript(entry, packages.plugin);
    const path = new URL(name, import.meta.url);
    if (!Deno.args.includes("--check")) {
      await Deno.writeTextFile(path, fresh);
      console.log(`Wrote ${fresh.length} characters to ${name}`);
    } else if (await Deno.readTextFile(path) === fresh) {
      console.log(`${name} equals a fresh build`);
    } else {
      console.error(
        `${name} differs from a fresh build: run deno task build:page`,
      );
      Deno.exitCode = 1;
    }
  }
} finally {
  await packages.close();
  await stop();
}
