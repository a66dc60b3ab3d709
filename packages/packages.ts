import config from "../deno.json" with { type: "json" };

/** A package for npm that is built from the sources. */
export interface NpmPackage {
  /** Folder below `packages/` with its `package.json` and `README.md`. */
  readonly folder: string;
  /** Folder of the project that becomes the package's own, with a slash. */
  readonly base: string;
  /** Modules that users import, by subpath, relative to the project's folder. */
  readonly exports: Readonly<Record<string, string>>;
  /** Modules that are started, relative to the project's folder. */
  readonly programs?: readonly string[];
  /** Files that are copied, and folders with all their files. */
  readonly assets: readonly string[];
  /** Names of packages in the sources and in the package, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** The packages, by name. */
export const packages: Readonly<Record<string, NpmPackage>> = {
  "@dupbench/wasm-training": {
    folder: "wasm-training",
    base: "src/kernels/",
    exports: { ".": "./src/kernels/wasm/mod.ts" },
    assets: ["src/kernels/wasm/kernels.wasm"],
    // Users bring a TensorFlow.js of their own, maybe without its layers.
    renamed: {
      "@tensorflow/tfjs": "@tensorflow/tfjs-core",
      "@dupbench/dupbench/wasm-training": "@dupbench/wasm-training",
    },
  },
  "dupbench": {
    folder: "dupbench",
    base: "",
    exports: config.exports,
    programs: [
      "src/cli/launch.ts",
      "src/cli/entry.ts",
      "src/sweep/worker.ts",
      "src/data/folder/decoding_thread.ts",
    ],
    assets: [
      "CITATION.cff",
      "fixtures/cifar10-mini/",
      "src/browser/bundle/client.js",
      "src/browser/bundle/worker.js",
      "src/kernels/wasm/kernels.wasm",
    ],
    renamed: { "@dupbench/dupbench": "dupbench" },
  },
};
