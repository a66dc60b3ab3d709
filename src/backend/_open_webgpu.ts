import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { BackendError } from "../core/errors.ts";
import { useTiles } from "../webgpu/kernel_host.ts";
import { registerWebgpuKernels } from "../webgpu/register_webgpu_kernels.ts";
import { hardwareTiles, softwareTiles } from "../webgpu/tile_plan.ts";
import { useBackend } from "./_use_backend.ts";
import {
  type AdapterReport,
  reportAdapter,
  requestAdapter,
} from "./adapter.ts";
import type { Backend } from "./backend.ts";

/**
 * Settings of TF.js that decide on which device or with which program an
 * operation runs, and so its last digits.
 */
const flags = {
  // On, small tensors that were not yet uploaded are computed in JavaScript.
  WEBGPU_CPU_FORWARD: false,
  WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 15,
  WEBGPU_MATMUL_PROGRAM_TYPE: -1,
  WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL: -1,
  WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: true,
  WEBGPU_CONV_SEPARATE_IM2COL_SHADER: false,
};

/** The device, once open: TF.js keeps one a process. */
let opened: { adapter: AdapterReport; faults: string[] } | undefined;

/** Opens WebGPU on the adapter that `probeBackends` reports. */
export async function openWebgpu(): Promise<Backend> {
  const { adapter, faults } = opened ??= await start();
  await useBackend("webgpu");
  return {
    name: "webgpu",
    async settle() {
      await readBack();
      if (faults.length > 0) {
        throw new BackendError(
          `Cannot trust results as the WebGPU device must not fail: ${
            faults[0]
          }`,
        );
      }
    },
    describe: () => ({
      tfjs: tf.version["tfjs-core"],
      adapter: { ...adapter },
      flags: { ...flags },
    }),
  };
}

async function start() {
  const found = await requestAdapter();
  if (typeof found === "string") {
    throw new BackendError(`Cannot open backend "webgpu": ${found}`);
  }
  registerWebgpuKernels();
  for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
  await useBackend("webgpu");

  // Deno only prints a device's errors, and the tensors concerned are zero.
  const faults: string[] = [];
  const note = (fault: string) => faults.push(fault.replace(/\s+/g, " "));
  const { device } = tf.backend() as WebGPUBackend;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    note((event as GPUUncapturedErrorEvent).error.message);
  });
  device.lost.then(({ message }) => note(`device lost: ${message}`));
  const adapter = reportAdapter(found);
  useTiles(tf.backend(), adapter.software ? softwareTiles : hardwareTiles);
  return { adapter, faults };
}

/**
 * Waits for the device by reading one number that it computes after all else:
 * TF.js holds back up to 15 programs, so waiting for the queue is not enough.
 */
async function readBack(): Promise<void> {
  const last = tf.tidy(() => tf.neg(tf.scalar(1)));
  await last.data();
  last.dispose();
}
