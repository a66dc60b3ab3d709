import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { webgpuTest } from "../../webgpu_available.ts";
import {
  type Convolution,
  filterGradient,
  inform,
  kernelFilterGradient,
} from "./_filter_gradient.ts";
import { drawValues, relativeError, sizeOf } from "./_values.ts";

const table: Convolution[] = [
  { x: [2, 8, 8, 4], filter: [3, 3, 4, 8], stride: 1, pad: "same" },
  { x: [3, 7, 9, 3], filter: [3, 3, 3, 5], stride: 1, pad: "same" },
  { x: [3, 7, 9, 3], filter: [3, 3, 3, 5], stride: 1, pad: "valid" },
  { x: [2, 9, 6, 5], filter: [3, 3, 5, 7], stride: 2, pad: "same" },
  { x: [2, 9, 6, 5], filter: [3, 2, 5, 7], stride: [2, 1], pad: "valid" },
  { x: [1, 5, 5, 1], filter: [5, 5, 1, 1], stride: 1, pad: "valid" },
  { x: [2, 6, 6, 2], filter: [1, 1, 2, 3], stride: 3, pad: "valid" },
  { x: [2, 6, 7, 2], filter: [3, 3, 2, 2], stride: 1, pad: 2 },
  {
    x: [2, 6, 7, 2],
    filter: [3, 3, 2, 2],
    stride: 1,
    pad: [[0, 0], [1, 2], [0, 3], [0, 0]],
  },
  // More than one tile of 32 rows (taps x channels) and of 32 columns.
  { x: [2, 5, 5, 17], filter: [3, 3, 17, 35], stride: 1, pad: "same" },
  // Several slices, the last one short; one image wider than a slice.
  { x: [5, 19, 23, 2], filter: [3, 3, 2, 3], stride: 1, pad: "same" },
  { x: [1, 1, 1000, 1], filter: [1, 3, 1, 2], stride: 1, pad: "same" },
];

const dilated: Convolution[] = [
  { x: [2, 9, 8, 3], filter: [3, 3, 3, 2], stride: 1, pad: 0, dilation: 2 },
  {
    x: [2, 9, 8, 3],
    filter: [3, 2, 3, 2],
    stride: 1,
    pad: "same",
    dilation: [1, 3],
  },
];

function draw(convolution: Convolution) {
  const { outShape } = inform(convolution);
  return {
    x: drawValues(sizeOf(convolution.x), "x"),
    dy: drawValues(sizeOf(outShape), "dy"),
    outShape,
  };
}

Deno.test("filterGradient() is what TensorFlow.js's cpu backend computes", async () => {
  await openBackend("cpu");
  for (const convolution of table) {
    const { x, dy, outShape } = draw(convolution);
    const cpu = await kernelFilterGradient(convolution, x, dy, outShape);
    const error = relativeError(cpu, filterGradient(convolution, x, dy));
    assert(error < 1e-6, `${JSON.stringify(convolution)}: ${error}`);
  }
});

webgpuTest(
  "conv2dBackpropFilter() is within 1e-5 of the float64 sum for any stride, padding and dilation",
  async () => {
    await openBackend("webgpu");
    for (const convolution of [...table, ...dilated]) {
      const { x, dy, outShape } = draw(convolution);
      const dw = await kernelFilterGradient(convolution, x, dy, outShape);
      const error = relativeError(dw, filterGradient(convolution, x, dy));
      assert(error < 1e-5, `${JSON.stringify(convolution)}: ${error}`);
    }
  },
);

// Mesa's llvmpipe ends any loop after 65,535 iterations without an error.
webgpuTest(
  "conv2dBackpropFilter() is within 1e-5 of the float64 sum beyond 65,535 positions",
  async () => {
    await openBackend("webgpu");
    for (const batch of [64, 80]) {
      const convolution: Convolution = {
        x: [batch, 32, 32, 2],
        filter: [3, 3, 2, 3],
        stride: 1,
        pad: "same",
      };
      const { x, dy, outShape } = draw(convolution);
      const dw = await kernelFilterGradient(convolution, x, dy, outShape);
      const error = relativeError(dw, filterGradient(convolution, x, dy));
      assert(error < 1e-5, `batch ${batch}: ${error}`);
    }
  },
);

webgpuTest(
  "conv2dBackpropFilter() gives the same bits every time",
  async () => {
    await openBackend("webgpu");
    const convolution: Convolution = {
      x: [32, 32, 32, 3],
      filter: [3, 3, 3, 16],
      stride: 1,
      pad: "same",
    };
    const { x, dy, outShape } = draw(convolution);
    const run = () => kernelFilterGradient(convolution, x, dy, outShape);
    const first = await run();
    for (let i = 0; i < 3; i++) assertEquals(await run(), first);
  },
);

webgpuTest("conv2dBackpropFilter() of no images is zero", async () => {
  await openBackend("webgpu");
  const convolution: Convolution = {
    x: [0, 4, 4, 2],
    filter: [3, 3, 2, 3],
    stride: 1,
    pad: "same",
  };
  const { x, dy, outShape } = draw(convolution);
  const dw = await kernelFilterGradient(convolution, x, dy, outShape);
  assertEquals([...dw], new Array(54).fill(0));
});

webgpuTest("conv2dBackpropFilter() takes channels-first data", async () => {
  await openBackend("webgpu");
  const convolution: Convolution = {
    x: [2, 6, 5, 3],
    filter: [3, 3, 3, 4],
    stride: 1,
    pad: "same",
  };
  const { x, dy, outShape } = draw(convolution);
  const dw = tf.tidy(() =>
    tf.engine().runKernel(tf.Conv2DBackpropFilter, {
      x: tf.transpose(tf.tensor(x, convolution.x), [0, 3, 1, 2]),
      dy: tf.transpose(tf.tensor(dy, outShape), [0, 3, 1, 2]),
    }, {
      strides: 1,
      pad: "same",
      dataFormat: "NCHW",
      filterShape: convolution.filter,
    }) as tf.Tensor
  );
  const error = relativeError(
    await dw.data(),
    filterGradient(convolution, x, dy),
  );
  dw.dispose();
  assert(error < 1e-5, `${error}`);
});

webgpuTest(
  "conv2dBackpropFilter() leaks neither tensors nor device memory",
  async () => {
    await openBackend("webgpu");
    const convolution = table[10]!;
    const { x, dy, outShape } = draw(convolution);
    const run = () => kernelFilterGradient(convolution, x, dy, outShape);
    await run();
    const before = tf.memory();
    for (let i = 0; i < 5; i++) await run();
    const after = tf.memory();
    assertEquals(after.numTensors, before.numTensors);
    assertEquals(after.numDataBuffers, before.numDataBuffers);
  },
);
