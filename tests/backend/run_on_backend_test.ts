import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { openBackend } from "../../src/backend/open_backend.ts";
import { runOnBackend } from "../../src/backend/run_on_backend.ts";
import { BackendError } from "../../src/core/errors.ts";
import { webgpuTest } from "../webgpu_available.ts";

Deno.test("runOnBackend() returns what the work returns", async () => {
  const backend = await openBackend("cpu");
  const sum = await runOnBackend(backend, async () => {
    const two = tf.tidy(() => tf.add(1, 1));
    const [value] = await two.data();
    two.dispose();
    return value;
  });
  assertEquals(sum, 2);
});

Deno.test("runOnBackend() throws what the work throws if the device has not failed", async () => {
  const backend = await openBackend("cpu");
  await assertRejects(
    () => runOnBackend(backend, () => Promise.reject(new RangeError("no"))),
    RangeError,
    "no",
  );
});

Deno.test("runOnBackend() refuses a backend that is not in use, and does not start the work", async () => {
  const wasm = await openBackend("wasm");
  await openBackend("cpu");
  let hasStarted = false;
  await assertRejects(
    () =>
      runOnBackend(wasm, () => {
        hasStarted = true;
        return Promise.resolve();
      }),
    BackendError,
    'The backend "wasm" must be the one in use, got "cpu"',
  );
  assertEquals(hasStarted, false);
});

webgpuTest(
  "runOnBackend() rejects work that read zeros from a lost device, and names the loss when a read fails",
  async () => {
    const backend = await openBackend("webgpu");
    const { device } = tf.backend() as WebGPUBackend;
    let hasEnded = false;
    await assertRejects(
      () =>
        runOnBackend(backend, async () => {
          device.destroy();
          await device.lost;
          hasEnded = true;
          return 0;
        }),
      BackendError,
      "device lost",
    );
    assert(hasEnded, "the work itself noticed nothing");
    await assertRejects(
      () => runOnBackend(backend, () => Promise.reject(new Error("mapping"))),
      BackendError,
      "device lost",
    );
  },
);
