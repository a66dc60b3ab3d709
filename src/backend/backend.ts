import type { BackendName } from "../spec/backends.ts";

/** Anything that JSON has a form for. */
export type Json =
  | null
  | boolean
  | number
  | string
  | Json[]
  | { [key: string]: Json };

/** The TensorFlow.js backend in use. */
export interface Backend {
  /** Its name in TensorFlow.js. */
  readonly name: BackendName;
  /**
   * Waits until all work submitted so far has run, so that a clock read next
   * counts it. Nothing to wait for on wasm and cpu.
   *
   * @throws {BackendError} If the device was lost, or ever reported an error,
   * such as being out of memory. Deno goes on with zeros then, so nothing
   * computed since the last call that resolved may be kept.
   */
  settle(): Promise<void>;
  /**
   * Gradient steps worth giving it before it is settled: 1 where a call is done
   * when it returns. More keep a device busy, and its queue and memory bounded.
   */
  readonly stepsInFlight: number;
  /** The most bytes that a tensor may have. */
  readonly maxTensorBytes: number;
  /**
   * What the provenance of a result records: versions, adapter, limits and
   * features, and the settings that decide numbers.
   */
  describe(): Record<string, Json>;
}
