import {
  backend,
  getBackend,
  type KernelBackend,
  util,
} from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelCall, KernelName, KernelSignatures } from "./kernel.ts";

/** How one call is recorded. */
export interface RecordedCallOptions {
  /**
   * Where results go, one for each, instead of new memory: buffers, or tensors
   * of TensorFlow.js, which may be inputs of the same call if the kernel works
   * element by element (the updates and other elementwise kernels do).
   */
  readonly into?: readonly TensorInfo[];
  /**
   * Names the group of calls whose attributes `Recording.update` replaces. All
   * calls of a group are of one kernel.
   */
  readonly live?: string;
}

/**
 * Records a sequence of kernel calls, to be run many times without
 * TensorFlow.js. Kernels are the registered ones: what they would do at once is
 * kept, so that a recording computes what the same calls compute on the tape.
 *
 * Inputs are tensors of TensorFlow.js or buffers, whose memory is used where it
 * is, or results of earlier calls, which the recording owns. A tensor or buffer
 * must not be disposed as long as the recording lives; its numbers may change,
 * and are read when the recording runs.
 */
export interface Recorder {
  /**
   * Records one call. Nothing is computed yet.
   *
   * @returns The results, those of `into` where given.
   * @throws {RangeError} If the kernel does not take the call.
   */
  call<Name extends KernelName>(
    name: Name,
    call: KernelCall<Name>,
    options?: RecordedCallOptions,
  ): TensorInfo[];
  /** The same numbers under another shape of the same size. */
  reshape(value: TensorInfo, shape: readonly number[]): TensorInfo;
  /**
   * Records the calls of `body` once, to be run `times` times in a row. What one
   * pass leaves for the next goes through `into`; results of calls inside are
   * not used outside. Not nested.
   *
   * @param times 0 or more.
   */
  repeat(times: number, body: () => void): void;
  /**
   * Begins the next stage: `Recording.run` runs one or all. Results of an
   * earlier stage can be used in later ones.
   */
  nextStage(): void;
  /**
   * Ends the recording and allocates its memory: results whose uses do not
   * overlap in time share it.
   *
   * @throws {RangeError} If the backend has no memory left for it.
   */
  finish(): Recording;
}

/** All numbers of one float32 buffer or tensor into another. */
export interface Copy {
  readonly from: TensorInfo;
  readonly to: TensorInfo;
  /** Where they go in `to`, in elements; default 0. */
  readonly at?: number | undefined;
}

/**
 * Refuses a copy that would write beyond `to`, or bits of another type into it.
 *
 * @throws {RangeError} If `from` is not float32, or has another shape than `to`;
 * with `at`, if it has no room there.
 */
export function requireRoom({ from, to, at }: Copy): void {
  const fits = at === undefined
    ? util.arraysEqual(from.shape, to.shape)
    : at + util.sizeFromShape(from.shape) <= util.sizeFromShape(to.shape);
  if (fits && from.dtype === "float32") return;
  throw new RangeError(
    `A compiled network takes float32 numbers of shape [${
      to.shape.join(", ")
    }] here, got ${from.dtype} of shape [${from.shape.join(", ")}]`,
  );
}

/** How a recording is run. */
export interface RunOptions {
  /**
   * Which stage, from 0; default all. A stage reads what the latest run of those
   * before it left, once: it may overwrite that.
   */
  readonly stage?: number | undefined;
  /** What is copied after the calls. */
  readonly copies?: readonly Copy[] | undefined;
}

/** Recorded calls that are ready to run. */
export interface Recording {
  /** Memory that the recording owns, in bytes. */
  readonly bytes: number;
  /**
   * Computes the calls in order, then copies; on webgpu that is one submission,
   * together with what TensorFlow.js has not submitted yet.
   */
  run(options?: RunOptions): void;
  /** New attributes for the calls of a live group, from the next run on. */
  update<Name extends KernelName>(
    live: string,
    attrs: KernelSignatures[Name]["attrs"],
  ): void;
  /** Frees the memory that the recording owns. */
  dispose(): void;
}

/** A backend of TensorFlow.js whose kernels can be recorded. */
export interface RecordingBackend {
  /** Whether it has a kernel of ours that can be recorded. */
  has(name: KernelName): boolean;
  /** Starts a recording. */
  record(): Recorder;
  /**
   * Memory for what goes into or comes out of recordings: float32 zeros, which
   * kernels of TensorFlow.js can read too. TensorFlow.js does not know it: it
   * neither counts nor tidies it.
   *
   * @throws {RangeError} If the backend has no memory left for it.
   */
  makeBuffer(shape: readonly number[]): TensorInfo;
  /** Frees a buffer. */
  freeBuffer(buffer: TensorInfo): void;
  /** Memory for a float32 tensor of TensorFlow.js, whose numbers are not set. */
  output(shape: readonly number[]): TensorInfo;
  /**
   * Writes numbers into a buffer or tensor, in order with runs of recordings.
   *
   * @param values As many as the tensor has, of its type.
   */
  write(tensor: TensorInfo, values: Float32Array | Int32Array): void;
  /**
   * Copies in order with runs of recordings and kernels of TensorFlow.js.
   */
  copy(copy: Copy): void;
}

type Open = (backend: KernelBackend) => RecordingBackend;

const openers = new Map<string, Open>();

/**
 * Makes the kernels of a backend recordable.
 *
 * @param name Name of the backend in TensorFlow.js.
 * @param open Called for each use; it should return the same value each time.
 */
export function registerRecording(name: string, open: Open): void {
  openers.set(name, open);
}

/** Recording on the backend in use; undefined if it has none (cpu). */
export function recordingBackend(): RecordingBackend | undefined {
  return openers.get(getBackend())?.(backend());
}
