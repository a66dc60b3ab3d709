import * as tf from "@tensorflow/tfjs";
import type { KernelBackend } from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { BackendError, messageOf } from "../core/errors.ts";
import { deviceOf } from "../kernels/webgpu/device.ts";
import { useTiles } from "../kernels/webgpu/kernel_host.ts";
import { registerWebgpuKernels } from "../kernels/webgpu/register_webgpu_kernels.ts";
import { hardwareTiles, softwareTiles } from "../kernels/webgpu/tile_plan.ts";
import { useBackend } from "./_use_backend.ts";
import { type DeviceWatch, watchDevice } from "./_watch_device.ts";
import {
  type AdapterReport,
  reportAdapter,
  requestAdapter,
} from "./adapter.ts";
import type { Backend } from "./backend.ts";

/**
 * Settings of TF.js that determine on which device and with which program an
 * operation runs, and so its last digits.
 */
const flags = {
  // If on, small tensors that are not yet uploaded are computed in JavaScript.
  WEBGPU_CPU_FORWARD: false,
  WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 15,
  WEBGPU_MATMUL_PROGRAM_TYPE: -1,
  WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL: -1,
  WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: true,
  WEBGPU_CONV_SEPARATE_IM2COL_SHADER: false,
};

/** The device, once open: TF.js has one per process. */
let opened:
  | {
    adapter: AdapterReport;
    watch: DeviceWatch;
    readBack: () => Promise<void>;
  }
  | undefined;

/** Opens WebGPU on the adapter that `probeBackends` reports. */
export async function openWebgpu(): Promise<Backend> {
  const { adapter, watch, readBack } = opened ??= await start();
  await useBackend("webgpu");
  return {
    name: "webgpu",
    stepsInFlight: 16,
    maxTensorBytes: largestTensor(adapter.limits),
    async settle() {
      const unread = await readBack().catch(messageOf);
      // A lost device is reported in the event loop, after its first errors.
      if (unread !== undefined) await new Promise((go) => setTimeout(go, 0));
      const fault = watch.fault() ?? unread;
      if (fault !== undefined) {
        throw new BackendError(
          `The WebGPU device failed, so that its results are lost: ${fault}`,
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

async function start(): Promise<NonNullable<typeof opened>> {
  const found = await requestAdapter();
  if (typeof found === "string") {
    throw new BackendError(`The backend "webgpu" cannot be opened: ${found}`);
  }
  registerWebgpuKernels();
  for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
  await useBackend("webgpu");

  const watch = watchDevice((tf.backend() as WebGPUBackend).device);
  const adapter = reportAdapter(found);
  useTiles(tf.backend(), adapter.software ? softwareTiles : hardwareTiles);
  return { adapter, watch, readBack: openReadBack(tf.backend()) };
}

/** A number that the device copies to tell that it is there. */
const SIGN = 0x600d;

/**
 * Makes a function that waits for the device. Each submission ends with the copy
 * of a number, which the function reads after the latest of them, so that it need
 * not submit anything but what TF.js holds back (up to 15 programs). It throws if
 * another number arrives.
 */
function openReadBack(backend: KernelBackend): () => Promise<void> {
  const tfjs = deviceOf(backend);
  const { device } = tfjs;
  const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const sign = device.createBuffer({ size: 4, usage: COPY_SRC | COPY_DST });
  device.queue.writeBuffer(sign, 0, Int32Array.of(SIGN));
  const size = 4;
  const free: GPUBuffer[] = [];
  /** Where the latest submission copies the number; undefined: it was read. */
  let latest: GPUBuffer | undefined;
  const submit = tfjs.submitQueue;
  tfjs.submitQueue = () => {
    latest ??= free.pop() ??
      device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    tfjs.ensureCommandEncoderReady();
    tfjs.endComputePassEncoder();
    tfjs.commandEncoder!.copyBufferToBuffer(sign, 0, latest, 0, size);
    submit.call(tfjs);
  };
  return async () => {
    if (latest === undefined || tfjs.commandEncoder !== null) {
      tfjs.submitQueue();
    }
    const staging = latest!;
    latest = undefined;
    await staging.mapAsync(GPUMapMode.READ);
    const [found] = new Int32Array(staging.getMappedRange());
    if (found !== SIGN) throw new Error(`read ${found} in place of ${SIGN}`);
    staging.unmap();
    free.push(staging);
  };
}

/** Largest tensor in bytes: a tensor is one buffer, and is bound as a whole. */
function largestTensor(limits: AdapterReport["limits"]): number {
  return Math.min(
    limits["maxBufferSize"]!,
    limits["maxStorageBufferBindingSize"]!,
  );
}
