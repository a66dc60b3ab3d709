/** A package for npm that is built from the sources. */
export interface NpmPackage {
  /** Folder below `packages/` with its `package.json` and `README.md`. */
  readonly folder: string;
  /** Folder of the project that becomes the package's own. */
  readonly base: string;
  /** Modules that users load or start, relative to the project's folder. */
  readonly entries: readonly string[];
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
    entries: ["src/kernels/wasm/mod.ts"],
    assets: ["src/kernels/wasm/kernels.wasm"],
    // Users bring a TensorFlow.js of their own, maybe without its layers.
    renamed: {
      "@tensorflow/tfjs": "@tensorflow/tfjs-core",
      "@dupbench/dupbench/wasm-training": "@dupbench/wasm-training",
    },
  },
};
