import "../core/require_long.ts";
import * as tf from "@tensorflow/tfjs";
import { BackendError, messageOf } from "../core/errors.ts";
import type { BackendName } from "../spec/backends.ts";

/**
 * Makes a registered backend the current one.
 *
 * Where a backend fails to start, TF.js only returns false, and its `ready()`
 * then silently takes the next best backend: hence the two checks.
 *
 * @throws {BackendError} If it cannot start.
 */
export async function useBackend(name: BackendName): Promise<void> {
  // In production mode TF.js does not print its advice to install its native
  // package and its warnings about reading tensors. It changes no number.
  tf.enableProdMode();
  let fault = "TensorFlow.js could not start it";
  const isSet = await tf.setBackend(name).catch((error) => {
    fault = messageOf(error);
    return false;
  });
  if (!isSet || tf.getBackend() !== name) {
    throw new BackendError(`The backend "${name}" cannot be opened: ${fault}`);
  }
  await tf.ready();
}
