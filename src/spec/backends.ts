import type { Coordinate } from "./axis.ts";
import { type MarkedTerm, namesOf } from "./term.ts";
import type { BackendName } from "./names.ts";

export type { BackendName };

/** TensorFlow.js backends, the fastest first where its hardware is present. */
export const backends = {
  "webgpu": {
    title: "WebGPU",
    meaning: "TensorFlow.js on the GPU, through WebGPU",
    mark: "square",
  },
  "wasm": {
    title: "WebAssembly",
    meaning: "TensorFlow.js on WebAssembly with SIMD",
    mark: "circle",
  },
  "cpu": {
    title: "JavaScript",
    meaning: "TensorFlow.js in plain JavaScript: the slow reference",
    mark: "triangle-up",
  },
} as const satisfies Record<string, MarkedTerm>;

/** Names of the backends. */
export const backendNames: readonly [BackendName, ...BackendName[]] = namesOf(
  backends,
);

/** Names of the backends that a study may ask for. */
export const backendRequests: readonly ["auto", ...BackendName[]] = [
  "auto",
  ...backendNames,
];

/** Where a cell ran: no axis of a study, but it tells cells of files apart. */
export const backendCoordinate: Coordinate<"backend", BackendName> = {
  key: "backend",
  role: "condition",
  heading: "backend",
  terms: backends,
  valueOf: ({ backend }) => backend,
  say: (backend) => backend,
};
