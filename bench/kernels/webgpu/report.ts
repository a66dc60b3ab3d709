/**
 * Prints, as a Markdown table, the time of a training step and of a PGD attack on
 * this machine's WebGPU adapter with TensorFlow.js's own kernels and with ours.
 * The two alternate in one process, each on its own device.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import {
  nameAdapter,
  reportAdapter,
  requestAdapter,
} from "../../../src/backend/adapter.ts";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { BackendError } from "../../../src/core/errors.ts";
import { publishedNames } from "../../../src/spec/networks.ts";
import { stepJobs, timeSteps } from "../../../src/train/time_steps.ts";

/** How often TensorFlow.js's kernels and ours alternate. */
const ROUNDS = 3;
const BATCH = 32;

/** Registers a backend with its own device that keeps the official kernels. */
async function registerOfficial(): Promise<GPUAdapter> {
  const adapter = await requestAdapter();
  if (typeof adapter === "string") throw new BackendError(adapter);
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup:
        limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    },
  });
  tf.copyRegisteredKernels("webgpu", "official");
  tf.registerBackend("official", () => new WebGPUBackend(device, adapter.info));
  return adapter;
}

/** Waits for the backend in use. */
async function settle(): Promise<void> {
  const last = tf.tidy(() => tf.neg(tf.scalar(1)));
  await last.data();
  last.dispose();
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

if (import.meta.main) {
  tf.enableProdMode();
  // Must come before ours are registered in their place.
  const adapter = await registerOfficial();
  await openBackend("webgpu");
  console.log(`Adapter: ${nameAdapter(reportAdapter(adapter))}\n`);
  console.log(`| batch ${BATCH} | TF.js, ms | ours, ms | ratio |`);
  console.log("| --- | --- | --- | --- |");
  for (const model of publishedNames) {
    for (const job of stepJobs) {
      const times: Record<string, number[]> = { official: [], webgpu: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const backend of Object.keys(times)) {
          await tf.setBackend(backend);
          const { medianMs } = await timeSteps({
            model,
            batch: BATCH,
            job,
            runs: backend === "official" ? 1 : 5,
            warmup: round === 0 ? 1 : 0,
            backend: { settle, stepsInFlight: 1 },
          });
          times[backend]!.push(medianMs);
        }
      }
      const theirs = median(times["official"]!);
      const ours = median(times["webgpu"]!);
      console.log(
        `| ${model}, ${job} | ${theirs.toFixed(0)} | ${ours.toFixed(0)} | ${
          (theirs / ours).toFixed(1)
        } |`,
      );
    }
  }
}
