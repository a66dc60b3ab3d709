import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { registerWebgpuKernels } from "../../../src/kernels/webgpu/register_webgpu_kernels.ts";
import { webgpuTest } from "../../webgpu_available.ts";

webgpuTest(
  "registerWebgpuKernels() needs the official kernels, then replaces them once",
  async () => {
    assertThrows(() => registerWebgpuKernels(), TypeError, "imported first");

    await import("@tensorflow/tfjs-backend-webgpu");
    const names = [
      tf.BatchMatMul,
      tf._FusedMatMul,
      tf.Conv2DBackpropFilter,
      tf.MaxPoolGrad,
    ];
    const find = () =>
      names.map((name) => tf.getKernel(name, "webgpu")!.kernelFunc);
    const stock = find();
    registerWebgpuKernels();
    const ours = find();
    ours.forEach((kernel, i) => assert(kernel !== stock[i], names[i]!));

    registerWebgpuKernels();
    assertEquals(find(), ours);
  },
);
