/** Where a layer belongs. */
export type Side = "base" | "engine" | "records" | "meeting";

/** A folder of `src/`, or an entry point, and what it may import. */
export interface Layer {
  /** Below `src/`, as `kernels/wasm`; an entry point by its path, as `mod.ts`. */
  name: string;
  side: Side;
  /** Its content, in a line of Markdown. */
  about: string;
  /** Layers that its files may import, types included. */
  imports: readonly string[];
  /** Packages that its files may import, types included, `node:` ones apart. */
  packages?: readonly string[];
}

/** What each side is for. */
export const sides: Record<Side, string> = {
  base: "Base",
  engine: "Engine: images, networks, devices",
  records: "Records: result files, never the engine",
  meeting: "Engine and records together",
};

const tfjs = "@tensorflow/tfjs";

/**
 * The layers of dupbench, each after those that it may import. Records (what a
 * file says) and the engine (what a device computes) build on the base and never
 * on each other; they meet only where cells are run and verified.
 */
export const layers: readonly Layer[] = [
  { name: "std", side: "base", about: "adapters for `@std/*`", imports: [] },
  {
    name: "core",
    side: "base",
    about: "seeded streams, digests, canonical JSON, errors",
    imports: [],
    packages: ["canonicalize", "long", "pure-rand"],
  },
  {
    name: "spec",
    side: "base",
    about:
      "the experiment as data: axes, policies, attacks, networks, studies, cells",
    imports: ["core"],
    packages: ["zod"],
  },
  {
    name: "kernels/common",
    side: "engine",
    about: "what WebAssembly and WebGPU kernels share",
    imports: [],
    packages: [tfjs],
  },
  {
    name: "kernels/ops",
    side: "engine",
    about: "differentiable operations and fused steps, on any backend",
    imports: ["kernels/common"],
    packages: [tfjs],
  },
  {
    name: "kernels/wasm",
    side: "engine",
    about: "WebAssembly kernels and their registration",
    imports: ["kernels/ops", "kernels/common"],
    packages: [tfjs, "@tensorflow/tfjs-backend-wasm", "assemblyscript"],
  },
  {
    name: "kernels/webgpu",
    side: "engine",
    about: "WebGPU kernels and their registration",
    imports: ["kernels/common"],
    packages: [tfjs, "@tensorflow/tfjs-backend-webgpu"],
  },
  {
    name: "backend",
    side: "engine",
    about: "probe, choose, open and describe backends",
    imports: ["core", "spec", "kernels/wasm", "kernels/webgpu"],
    packages: [
      tfjs,
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
    ],
  },
  {
    name: "detection/search",
    side: "engine",
    about: "the search for equal and similar images, among bytes",
    imports: ["core", "spec"],
  },
  {
    name: "data",
    side: "engine",
    about: "data sets as typed arrays, their loaders and checks",
    imports: ["core", "spec", "detection/search"],
    packages: [
      "@imagemagick/magick-wasm",
      "fflate",
      "hyparquet",
      "imagescript",
      "zod",
    ],
  },
  {
    name: "detection",
    side: "engine",
    about: "which images are repeated: exact and near duplicates",
    imports: ["core", "spec", "detection/search", "data"],
  },
  {
    name: "duplication",
    side: "engine",
    about: "which rows to repeat: plans and policies",
    imports: ["core", "spec", "data"],
  },
  {
    name: "plan",
    side: "engine",
    about: "networks as recordings of kernel calls: steps without a tape",
    imports: ["spec", "kernels/common", "kernels/ops"],
    packages: [tfjs],
  },
  {
    name: "models",
    side: "engine",
    about: "classifiers from a specification and a seed",
    imports: ["core", "spec", "kernels/common", "kernels/ops", "plan"],
    packages: [tfjs],
  },
  {
    name: "attacks",
    side: "engine",
    about: "attacks as values",
    imports: ["core", "spec", "kernels/ops", "plan"],
    packages: [tfjs],
  },
  {
    name: "train",
    side: "engine",
    about: "the training loop, optimizers, schedules",
    imports: [
      "core",
      "spec",
      "kernels/common",
      "kernels/ops",
      "backend",
      "data",
      "plan",
      "models",
      "attacks",
    ],
    packages: [tfjs],
  },
  {
    name: "results",
    side: "records",
    about: "schemas of result sets, migrations, journal, digest",
    imports: ["core", "spec"],
    packages: ["zod"],
  },
  {
    name: "analysis",
    side: "records",
    about: "statistics over seeds, and verdicts on the claims",
    imports: ["core", "spec", "results"],
    packages: [
      "@stdlib/stats-base-dists-binomial-cdf",
      "@stdlib/stats-base-dists-normal-cdf",
      "@stdlib/stats-base-dists-normal-quantile",
      "@stdlib/stats-base-dists-t-cdf",
      "@stdlib/stats-base-dists-t-quantile",
    ],
  },
  {
    name: "compare",
    side: "records",
    about: "outcomes and times of several files, the gate, its formats",
    imports: ["core", "spec", "results"],
    packages: ["zod"],
  },
  {
    name: "export",
    side: "records",
    about: "result sets as RO-Crate, Croissant, CSV and Parquet",
    imports: ["core", "spec", "results", "analysis"],
    packages: ["fflate", "hyparquet-writer", "spdx-license-list", "zod"],
  },
  {
    name: "gaussian",
    side: "records",
    about: "the paper's toy experiment, from points to report and drawing",
    imports: ["core", "spec", "analysis"],
    packages: ["d3-contour", "libsvm-js", "zod"],
  },
  {
    name: "report",
    side: "records",
    about: "result sets as a page, drawings, Markdown and CSV",
    imports: ["core", "spec", "results", "analysis"],
    packages: ["playwright-core", "vega", "vega-lite"],
  },
  {
    name: "generate",
    side: "records",
    about: "writes JSON Schemas and TypeScript types from the schemas",
    imports: ["spec", "results", "compare", "gaussian"],
    packages: ["zod"],
  },
  {
    name: "cell",
    side: "meeting",
    about: "runs one cell: trains, evaluates, exports",
    imports: [
      "core",
      "spec",
      "kernels/ops",
      "backend",
      "data",
      "detection",
      "duplication",
      "models",
      "plan",
      "attacks",
      "train",
      "results",
    ],
    packages: [tfjs],
  },
  {
    name: "sweep",
    side: "meeting",
    about: "runs the cells of a study, in this process or in workers",
    imports: [
      "core",
      "spec",
      "backend",
      "data",
      "detection",
      "results",
      "cell",
    ],
  },
  {
    name: "verify",
    side: "meeting",
    about: "checks of a result set, and its cells run again",
    imports: [
      "core",
      "spec",
      "backend",
      "data",
      "detection",
      "models",
      "attacks",
      "train",
      "results",
      "gaussian",
      "report",
      "cell",
      "sweep",
    ],
    packages: [tfjs, "zod"],
  },
  {
    name: "browser",
    side: "meeting",
    about: "a page on which a browser trains recorded cells again",
    imports: [
      "core",
      "spec",
      "backend",
      "data",
      "results",
      "analysis",
      "report",
      "cell",
      "sweep",
      "verify",
    ],
    packages: ["esbuild", "fflate", "zod"],
  },
  {
    name: "cli",
    side: "meeting",
    about: "the command line",
    imports: [
      "std",
      "core",
      "spec",
      "backend",
      "data",
      "detection",
      "train",
      "results",
      "analysis",
      "compare",
      "export",
      "gaussian",
      "report",
      "sweep",
      "verify",
      "browser",
    ],
    packages: ["zod"],
  },
  {
    name: "mod.ts",
    side: "meeting",
    about: "the public interface",
    imports: [
      "core",
      "spec",
      "data",
      "results",
      "analysis",
      "compare",
      "report",
      "sweep",
      "verify",
    ],
  },
];
