import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { canonicalJson } from "../../src/core/digest.ts";
import { BackendError } from "../../src/core/errors.ts";
import { webgpuTest } from "../webgpu_available.ts";

async function checkOpening(name: BackendName) {
  const tensors = tf.memory().numTensors;
  const backend = await openBackend(name);
  assertEquals([backend.name, tf.getBackend()], [name, name]);
  const sum = tf.tidy(() => tf.sum(tf.square(tf.tensor1d([1, 2, 3]))));
  await backend.settle();
  assertEquals([...await sum.data()], [14]);
  sum.dispose();
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(
    canonicalJson(backend.describe()),
    canonicalJson((await openBackend(name)).describe()),
  );
}

Deno.test("cpu: openBackend() makes it the current backend", () =>
  checkOpening("cpu"));

Deno.test("wasm: openBackend() makes it the current backend", () =>
  checkOpening("wasm"));

webgpuTest(
  "openBackend() makes it the current backend",
  () => checkOpening("webgpu"),
);

Deno.test("openBackend() goes from one backend to another and back", async () => {
  for (const name of ["cpu", "wasm", "cpu", "wasm"] as const) {
    await openBackend(name);
    assertEquals(tf.getBackend(), name);
  }
});

webgpuTest("openBackend() keeps small tensors off the CPU", async () => {
  await openBackend("webgpu");
  const two = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(1)));
  const { tensorMap } = tf.backend() as unknown as {
    tensorMap: { get(id: object): { resource?: unknown } };
  };
  const isOnDevice = tensorMap.get(two.dataId).resource instanceof GPUBuffer;
  two.dispose();
  assertEquals(isOnDevice, true);
});

webgpuTest(
  "settle() rejects once the device has reported an error",
  async () => {
    const backend = await openBackend("webgpu");
    await backend.settle();
    const { device } = tf.backend() as WebGPUBackend;
    // A buffer that no device may make: mapped both for reading and writing.
    device.createBuffer({
      size: 4,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE,
    });
    await assertRejects(() => backend.settle(), BackendError, "device failed");
  },
);
