import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { watchDevice } from "../../src/backend/_watch_device.ts";
import { requestAdapter } from "../../src/backend/adapter.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { BackendError } from "../../src/core/errors.ts";
import { webgpuTest } from "../webgpu_available.ts";

async function openDevice(): Promise<GPUDevice> {
  const adapter = await requestAdapter();
  if (typeof adapter === "string") throw new Error(adapter);
  return await adapter.requestDevice();
}

webgpuTest("watchDevice() has no fault while the device works", async () => {
  const device = await openDevice();
  const watch = watchDevice(device);
  device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE }).destroy();
  await device.queue.onSubmittedWorkDone();
  assertEquals(watch.fault(), undefined);
  device.destroy();
});

webgpuTest("watchDevice() reports that memory is exhausted", async () => {
  const device = await openDevice();
  const watch = watchDevice(device);
  // No test can make every machine run out of memory; this is how it is told.
  const error = new GPUOutOfMemoryError("not enough left");
  device.dispatchEvent(
    new GPUUncapturedErrorEvent("uncapturederror", { error }),
  );
  assertEquals(watch.fault(), "out of GPU memory: not enough left");
  device.destroy();
});

webgpuTest("watchDevice() refuses a buffer beyond the limits", async () => {
  const device = await openDevice();
  watchDevice(device);
  const most = device.limits.maxStorageBufferBindingSize;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const error = assertThrows(
    () => device.createBuffer({ size: most + 4, usage }),
    BackendError,
  );
  assertMatch(
    error.message,
    /^A tensor on this device must have at most \d+ bytes \(maxStorageBufferBindingSize\), got \d+: choose a smaller batch$/,
  );
  device.destroy();
});

webgpuTest(
  "settle() names the loss of the device rather than later errors",
  async () => {
    const backend = await openBackend("webgpu");
    await backend.settle();
    const { device } = tf.backend() as WebGPUBackend;
    const [x, y] = [tf.ones([64, 64]), tf.ones([64, 64])];
    const before = tf.matMul(x, y);
    await before.data();
    device.destroy();
    const after = tf.matMul(x, y);
    await assertRejects(() => backend.settle(), BackendError, "device lost");
    tf.dispose([x, y, before, after]);
  },
);
