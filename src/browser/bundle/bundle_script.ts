import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * What takes the place of `@tensorflow/tfjs`, by the lines of its own module:
 * without its layers, converter, data pipelines and WebGL, which nothing here uses.
 */
const tfjs = `import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import { version_core } from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-backend-cpu";
export const version = { "tfjs-core": version_core };`;

/** Modules that a browser has otherwise, and those whose parts nothing uses. */
const replacements: Plugin = {
  name: "replacements",
  setup(build) {
    build.onLoad(
      { filter: /@tensorflow\/tfjs\/[^/]+\/dist\/index\.js$/ },
      () => ({ contents: tfjs }),
    );
    // Messages are in English.
    build.onLoad(
      { filter: /zod\/[^/]+\/v4\/locales\/index\.js$/ },
      () => ({ contents: 'export { default as en } from "./en.js";' }),
    );
    build.onResolve({ filter: /\/reencode_jpeg\.ts$/ }, () => ({
      path: `${root}src/browser/node/reencode_jpeg.ts`,
    }));
  },
};

/**
 * Bundles a module with all that it imports into one script.
 *
 * @param entry Relative to the folder of the project. A worker is a classic
 * script, all else a module.
 * @param packages Finds packages of npm.
 */
export async function bundleScript(
  entry: string,
  packages: Plugin,
): Promise<string> {
  const { outputFiles: [script] } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    // The licences of the packages ask for it.
    legalComments: "eof",
    charset: "utf8",
    target: "es2022",
    platform: "browser",
    format: entry.endsWith("/worker.ts") ? "iife" : "esm",
    // The default place of the kernels, which the page gives as bytes.
    define: { "import.meta.url": '"about:blank"' },
    alias: {
      "node:crypto": `${root}src/browser/node/crypto.ts`,
      "node:process": `${root}src/browser/node/process.ts`,
    },
    plugins: [replacements, packages],
    write: false,
    logLevel: "error",
  });
  return script!.text;
}
