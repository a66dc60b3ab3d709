import { assertRejects } from "@std/assert";

Deno.test("wasm: a registration that failed can be tried again", async () => {
  // A module of its own, whose registration no other test has done.
  const module = "../../../src/kernels/wasm/register_training_kernels.ts?again";
  const { registerTrainingKernels } = await import(
    new URL(module, import.meta.url).href
  ) as { registerTrainingKernels(): Promise<void> };
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.reject(new TypeError("No network"));
  try {
    await assertRejects(registerTrainingKernels, TypeError, "No network");
  } finally {
    globalThis.fetch = fetch;
  }
  await registerTrainingKernels();
});
