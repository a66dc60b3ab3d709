import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type {
  KernelCall,
  KernelName,
} from "../../src/kernels/common/kernel.ts";
import {
  type RecordingBackend,
  recordingBackend,
} from "../../src/kernels/common/recorder.ts";
import { runKernel } from "../../src/kernels/common/run_kernel.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { drawTensor, drawValues, relativeError } from "./_kernels.ts";

/** Backends whose kernels can be recorded. */
const backends = ["wasm", "webgpu"] as const;

/** A test of what recordings promise on every backend that has them. */
function recorderTest(
  name: string,
  run: (device: RecordingBackend) => void | Promise<void>,
): void {
  for (const backend of backends) {
    Deno.test(`${backend}: ${name}`, async () => {
      const { settle } = await openBackend(backend);
      await run(recordingBackend()!);
      await settle();
    });
  }
}

/** Every recordable kernel of plans with inputs of odd sizes. */
const calls: { [Name in KernelName]?: () => KernelCall<Name> } = {
  DupbenchAdd: () => ({
    inputs: { a: drawTensor([3, 7], 1), b: drawTensor([3, 7], 2) },
    attrs: {},
  }),
  DupbenchMultiply: () => ({
    inputs: { a: drawTensor([3, 7], 1), b: drawTensor([3, 7], 2) },
    attrs: {},
  }),
  DupbenchScale: () => ({
    inputs: { x: drawTensor([3, 7], 1) },
    attrs: { factor: 2, offset: -1 },
  }),
  DupbenchColumnSums: () => ({
    inputs: { x: drawTensor([2, 5, 3], 1) },
    attrs: {},
  }),
  DupbenchMean: () => ({ inputs: { x: drawTensor([77], 1) }, attrs: {} }),
  DupbenchCountZeroRows: () => ({
    inputs: { x: tf.tensor2d([[0, -0], [0, 1e-45], [NaN, 0], [0, 0]]) },
    attrs: {},
  }),
  DupbenchConvReluPool: () => ({
    inputs: {
      x: drawTensor([2, 8, 8, 8], 1),
      filter: drawTensor([3, 3, 8, 8], 2),
      bias: drawTensor([8], 3),
    },
    attrs: {},
  }),
  FusedConv2D: () => ({
    inputs: {
      x: drawTensor([2, 7, 5, 3], 1),
      filter: drawTensor([3, 3, 3, 4], 2),
      bias: drawTensor([4], 3),
    },
    attrs: { strides: 2, pad: "same", activation: "relu" },
  }),
  Conv2DBackpropFilter: () => ({
    inputs: { x: drawTensor([2, 8, 8, 4], 1), dy: drawTensor([2, 8, 8, 8], 2) },
    attrs: { strides: 1, pad: "same", filterShape: [3, 3, 4, 8] },
  }),
  Conv2DBackpropInput: () => ({
    inputs: {
      dy: drawTensor([2, 8, 8, 8], 1),
      filter: drawTensor([3, 3, 4, 8], 2),
    },
    attrs: { strides: 1, pad: "same", inputShape: [2, 8, 8, 4] },
  }),
  _FusedMatMul: () => ({
    inputs: {
      a: drawTensor([5, 9], 1),
      b: drawTensor([9, 6], 2),
      bias: drawTensor([6], 3),
    },
    attrs: { activation: "relu" },
  }),
  BatchMatMul: () => ({
    inputs: { a: drawTensor([2, 5, 9], 1), b: drawTensor([2, 6, 9], 2) },
    attrs: { transposeB: true },
  }),
  DupbenchSoftmaxCrossEntropy: () => ({
    inputs: {
      logits: drawTensor([6, 10], 1),
      labels: tf.oneHot(tf.tensor1d([3, 1, 4, 1, 5, 9], "int32"), 10).toFloat(),
    },
    attrs: {},
  }),
  MaxPool: () => ({
    inputs: { x: drawTensor([2, 7, 7, 3], 1) },
    attrs: { filterSize: 3, strides: 2, pad: "same" },
  }),
};

for (const name of Object.keys(calls) as KernelName[]) {
  recorderTest(
    `a recording of ${name} computes what a call does`,
    async (device) => {
      const call = calls[name]!() as KernelCall<typeof name>;
      const expected = tf.tidy(() => runKernel(name, call));
      const into = expected.map(({ shape, dtype }) => tf.zeros(shape, dtype));
      const recorder = device.record();
      recorder.call(name, call, { into });
      const recording = recorder.finish();
      recording.run();
      for (const [i, tensor] of into.entries()) {
        assertEquals(await tensor.data(), await expected[i]!.data());
      }
      recording.dispose();
      tf.dispose([Object.values(call.inputs) as tf.Tensor[], expected, into]);
    },
  );
}

recorderTest(
  "a recording reads what its inputs hold when it runs",
  async (device) => {
    const x = drawTensor([4, 3], 1);
    const y = tf.zeros([4, 3]);
    const recorder = device.record();
    const [twice] = recorder.call("DupbenchScale", {
      inputs: { x },
      attrs: { factor: 2, offset: 0 },
    });
    recorder.call("DupbenchScale", {
      inputs: { x: recorder.reshape(twice!, [12]) },
      attrs: { factor: 1, offset: 1 },
    }, { into: [y] });
    const recording = recorder.finish();
    for (const seed of [5, 6]) {
      const values = drawValues(12, seed);
      device.write(x, values);
      recording.run();
      assertEquals(
        await y.data(),
        values.map((value) => Math.fround(Math.fround(2 * value) + 1)),
      );
    }
    recording.dispose();
    tf.dispose([x, y]);
  },
);

recorderTest(
  "update() replaces the attributes of every call of a group and of no other",
  async (device) => {
    const [a, b, c] = [tf.zeros([3]), tf.zeros([3]), tf.zeros([3])];
    const x = tf.ones([3]);
    const recorder = device.record();
    for (const y of [a, b]) {
      recorder.call(
        "DupbenchScale",
        { inputs: { x }, attrs: { factor: 2, offset: 0 } },
        { into: [y], live: "group" },
      );
    }
    recorder.call("DupbenchScale", {
      inputs: { x },
      attrs: { factor: 3, offset: 0 },
    }, { into: [c] });
    const recording = recorder.finish();
    recording.run();
    assertEquals([...await tf.stack([a, b, c]).data()], [
      2,
      2,
      2,
      2,
      2,
      2,
      3,
      3,
      3,
    ]);
    recording.update<"DupbenchScale">("group", { factor: 5, offset: 0.5 });
    recording.run();
    assertEquals(
      [...await tf.stack([a, b, c]).data()],
      [5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 3, 3, 3],
    );
    recording.dispose();
  },
);

recorderTest(
  "repeat() passes on what goes in place, and keeps what was made before",
  async (device) => {
    const x = tf.tensor1d([1, 2, 3, 4, 5]);
    const sum = tf.zeros([5]);
    const recorder = device.record();
    const scale = (x: tf.TensorInfo, factor: number) =>
      recorder.call("DupbenchScale", {
        inputs: { x },
        attrs: { factor, offset: 0 },
      })[0]!;
    const before = scale(x, 2);
    recorder.repeat(3, () => {
      // Results of the pass, which must not take the place of the one before it.
      const inside = scale(scale(before, 3), 0.5);
      recorder.call(
        "DupbenchAdd",
        { inputs: { a: sum, b: inside }, attrs: {} },
        {
          into: [sum],
        },
      );
    });
    const recording = recorder.finish();
    recording.run();
    assertEquals([...await sum.data()], [9, 18, 27, 36, 45]);
    recording.dispose();
  },
);

recorderTest("stages run apart", async (device) => {
  const x = tf.tensor1d([1, 2, 3]);
  const [y, z] = [tf.zeros([3]), tf.zeros([3])];
  const scale = (x: tf.TensorInfo, factor: number, into?: tf.TensorInfo[]) =>
    recorder.call("DupbenchScale", {
      inputs: { x },
      attrs: { factor, offset: 0 },
    }, into && { into })[0]!;
  const recorder = device.record();
  const shared = scale(x, 2);
  scale(x, 10, [y]);
  recorder.nextStage();
  scale(shared, 3, [z]);
  const recording = recorder.finish();
  recording.run(0);
  assertEquals([...await y.data(), ...await z.data()], [10, 20, 30, 0, 0, 0]);
  recording.run(1);
  assertEquals([...await z.data()], [6, 12, 18]);
  recording.dispose();
});

recorderTest(
  "many results that live for different times do not disturb each other",
  async (device) => {
    // A chain in which every tenth result is used again at the end.
    const x = drawTensor([1000], 1);
    const total = tf.zeros([1000]);
    const recorder = device.record();
    const kept: tf.TensorInfo[] = [];
    let value: tf.TensorInfo = x;
    let expected = await x.data();
    const sum = new Float32Array(1000);
    const sums: Float32Array[] = [];
    for (let i = 0; i < 100; i++) {
      const attrs = { factor: 0.99, offset: 0.125 };
      value = recorder.call("DupbenchScale", {
        inputs: { x: value },
        attrs,
      })[0]!;
      expected = (expected as Float32Array).map((v) => v * 0.99 + 0.125);
      if (i % 10 === 0) {
        kept.push(value);
        sums.push(expected as Float32Array);
      }
    }
    for (const value of kept) {
      recorder.call("DupbenchAdd", {
        inputs: { a: total, b: value },
        attrs: {},
      }, {
        into: [total],
      });
    }
    sums.forEach((values) => values.forEach((v, i) => sum[i]! += v));
    const recording = recorder.finish();
    recording.run();
    assert(relativeError(await total.data(), sum) < 1e-5);
    // Ten that are kept and two that the chain goes through.
    assert(recording.bytes <= 13 * 4096, `${recording.bytes} bytes`);
    recording.dispose();
  },
);

recorderTest(
  "call() refuses a call that the kernel does not take",
  (device) => {
    const x = tf.zeros([1, 3, 4, 4]);
    const filter = tf.zeros([3, 3, 3, 2]);
    const attrs = { strides: 1, pad: "same", dataFormat: "NCHW" } as const;
    assertThrows(
      () => device.record().call("Conv2D", { inputs: { x, filter }, attrs }),
      RangeError,
      "Conv2D",
    );
  },
);
