import type { Problem } from "./problem.ts";

/** A library that was built for a problem and can take training steps on it. */
export interface Peer {
  /** Takes one step, and waits until the device has finished it. */
  step(): Promise<void>;
  /** The mean loss of the batch before the last step. */
  loss(): Promise<number>;
}

/** Builds a library for a problem; rejects if it cannot train the network. */
export type OpenPeer = (problem: Problem) => Promise<Peer>;

/** What the table says of a library. */
export interface PeerTerm {
  /** Package and version. */
  title: string;
  /** What it computes on. */
  backend: string;
  /** Whether it is JavaScript alone, and so is timed on small batches only. */
  isSlow?: boolean;
  /** Imports the module that builds it. */
  load(): Promise<OpenPeer>;
}

const tfjs = "@tensorflow/tfjs 4.22.0";

/** The libraries, ours first: the others are compared with it. */
export const peers = {
  "dupbench-wasm": {
    title: "dupbench",
    backend: "wasm",
    load: async () => (await import("./_dupbench.ts")).openDupbench("wasm"),
  },
  "jax-wasm": {
    title: "@jax-js/jax 0.1.25, without `jit`",
    backend: "wasm",
    load: async () =>
      (await import("./_jax.ts")).openJax("wasm", { jit: false }),
  },
  "jax-wasm-jit": {
    title: "@jax-js/jax 0.1.25, `jit`",
    backend: "wasm",
    load: async () =>
      (await import("./_jax.ts")).openJax("wasm", { jit: true }),
  },
  "tfjs-wasm": {
    title: tfjs,
    backend: "wasm",
    load: async () => (await import("./_tfjs.ts")).openTfjs("wasm"),
  },
  "tfjs-cpu": {
    title: tfjs,
    backend: "cpu",
    isSlow: true,
    load: async () => (await import("./_tfjs.ts")).openTfjs("cpu"),
  },
  "convnetjs": {
    title: "convnetjs 0.3.0",
    backend: "cpu, float64",
    isSlow: true,
    load: async () => (await import("./_convnetjs.ts")).openConvnetjs,
  },
  "dupbench-webgpu": {
    title: "dupbench",
    backend: "webgpu",
    load: async () => (await import("./_dupbench.ts")).openDupbench("webgpu"),
  },
  "jax-webgpu": {
    title: "@jax-js/jax 0.1.25, without `jit`",
    backend: "webgpu",
    load: async () =>
      (await import("./_jax.ts")).openJax("webgpu", { jit: false }),
  },
  "jax-webgpu-jit": {
    title: "@jax-js/jax 0.1.25, `jit`",
    backend: "webgpu",
    load: async () =>
      (await import("./_jax.ts")).openJax("webgpu", { jit: true }),
  },
  "tfjs-webgpu": {
    title: tfjs,
    backend: "webgpu",
    load: async () => (await import("./_tfjs.ts")).openTfjs("webgpu"),
  },
} as const satisfies Record<string, PeerTerm>;

/** Name of a library on one backend. */
export type PeerName = keyof typeof peers;

/** Whether a name is one of `peers`. */
export function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}
