import { assertRejects } from "@std/assert";

Deno.test("wasm: a registration that failed can be tried again", async () => {
  // A module of its own, whose registration no other test has done.
  const module = "../../../src/kernels/wasm/register_training_kernels.ts?again";
  const { registerTrainingKernels } = await import(
    new URL(module, import.meta.url).href
  ) as typeof import("../../../src/kernels/wasm/register_training_kernels.ts");
  const absent = new URL("absent.wasm", import.meta.url);
  await assertRejects(
    () => registerTrainingKernels({ wasm: absent }),
    Error,
    "absent.wasm",
  );
  await assertRejects(
    () => registerTrainingKernels({ wasm: "kernels.wasm" as unknown as URL }),
    TypeError,
    '"wasm" must be bytes, a URL or a WebAssembly.Module, got string',
  );
  await registerTrainingKernels();
});
