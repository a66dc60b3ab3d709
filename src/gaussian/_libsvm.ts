import process from "node:process";

/** LIBSVM, trained on rows of numbers; the caller frees its memory. */
export interface Libsvm {
  /** Trains on samples, shape `[n][d]`, and integer labels, shape `[n]`. */
  train(samples: readonly (readonly number[])[], labels: number[]): void;
  /** The label of one sample. */
  predictOne(sample: readonly number[]): number;
  /** Rows of the support vectors, in the order of the serialised model. */
  getSVIndices(): number[];
  /** LIBSVM's model file. */
  serializeModel(): string;
  /** Frees its memory. */
  free(): void;
}

/** Constructor of a machine, with LIBSVM's parameters. */
export type LibsvmConstructor = new (
  parameters: Readonly<Record<string, string | number | boolean>>,
) => Libsvm;

let loading: Promise<LibsvmConstructor> | undefined;

/**
 * Loads LIBSVM (Chang and Lin 2011, ACM TIST 2), compiled to JavaScript.
 *
 * Two side effects of its loader are undone. It takes every runtime with a global
 * `self` for a browser and then needs a window, which Deno does not have: `self`
 * is hidden while it loads. And its listeners end the process silently at the
 * first unhandled rejection: they are removed.
 */
export function loadLibsvm(): Promise<LibsvmConstructor> {
  return loading ??= load();
}

const events = ["unhandledRejection", "uncaughtException"] as const;

async function load(): Promise<LibsvmConstructor> {
  const own = Object.getOwnPropertyDescriptor(globalThis, "self");
  const before = events.map((event) => process.rawListeners(event));
  if (own?.configurable) Reflect.deleteProperty(globalThis, "self");
  try {
    const { default: Machine } = await import("libsvm-js/asm.js");
    return Machine as LibsvmConstructor;
  } finally {
    if (own?.configurable) Object.defineProperty(globalThis, "self", own);
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (before[i]!.includes(listener)) continue;
        process.off(event, listener as (...args: unknown[]) => void);
      }
    });
  }
}
