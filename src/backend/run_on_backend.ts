import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../core/errors.ts";
import type { Backend } from "./backend.ts";

/**
 * Runs work whose results are to be kept. It resolves only if the backend is the
 * one in use and its device computed everything: a lost device goes on with
 * zeros, and only `Backend.settle` tells.
 *
 * @param work Reads its results back itself; tensors that it returns are the
 * caller's.
 * @returns What `work` returned.
 * @throws {BackendError} If another backend is in use, or the device failed; so
 * a failed read-back is reported with its cause.
 */
export async function runOnBackend<T>(
  backend: Backend,
  work: () => Promise<T>,
): Promise<T> {
  const current = tf.getBackend();
  if (current !== backend.name) {
    throw new BackendError(
      `The backend "${backend.name}" must be the one in use, got "${current}": open it last`,
    );
  }
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await backend.settle();
    throw error;
  }
  await backend.settle();
  return result;
}
