import type { JsonValue } from "../core/json_value.ts";
import type { BackendName } from "../spec/backends.ts";

/** The TensorFlow.js backend in use. */
export interface Backend {
  /** Its name in TensorFlow.js. */
  readonly name: BackendName;
  /**
   * Waits until all work submitted so far has run, so that a clock read next
   * counts it. On wasm and cpu there is nothing to wait for.
   *
   * @throws {BackendError} If the device was lost, or ever reported an error,
   * such as being out of memory. Deno then goes on with zeros, so nothing
   * computed since the last call that resolved may be kept.
   */
  settle(): Promise<void>;
  /**
   * Gradient steps to submit before waiting for them, at least 1: 1 where a call
   * is done when it returns. More keep a device busy; a bound keeps its queue
   * and memory small.
   */
  readonly stepsInFlight: number;
  /** Largest size of a tensor in bytes. */
  readonly maxTensorBytes: number;
  /**
   * What the provenance of a result records: versions, adapter, limits and
   * features, and the settings that decide numbers.
   */
  describe(): Record<string, JsonValue>;
}
