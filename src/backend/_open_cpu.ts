import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_use_backend.ts";
import type { Backend } from "./backend.ts";

/** Opens the backend in plain JavaScript. */
export async function openCpu(): Promise<Backend> {
  await useBackend("cpu");
  return {
    name: "cpu",
    stepsInFlight: 1,
    maxTensorBytes: Infinity,
    settle: () => Promise.resolve(),
    describe: () => ({ tfjs: tf.version["tfjs-core"] }),
  };
}
