import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
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
import { webgpuTest } from "../webgpu_available.ts";
import { drawTensor, drawValues, relativeError } from "./_kernels.ts";

/** A test of what recordings promise on every backend that has them. */
function recorderTest(
  name: string,
  run: (device: RecordingBackend) => void | Promise<void>,
  { onWebgpu = true }: { onWebgpu?: boolean } = {},
): void {
  const runOn = async (backend: "wasm" | "webgpu") => {
    const { settle } = await openBackend(backend);
    await run(recordingBackend()!);
    await settle();
  };
  Deno.test(`wasm: ${name}`, () => runOn("wasm"));
  if (onWebgpu) webgpuTest(name, () => runOn("webgpu"));
}

type Calls = { [Name in KernelName]?: () => KernelCall<Name> };

/** Recordable kernels of plans with inputs of odd sizes. */
const calls: Calls = {
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
    inputs: { a: drawTensor([5, 9], 1), b: drawTensor([6, 9], 2) },
    attrs: { transposeB: true },
  }),
  DupbenchSoftmaxCrossEntropy: () => ({
    inputs: {
      logits: drawTensor([6, 10], 1),
      labels: tf.oneHot(tf.tensor1d([3, 1, 4, 1, 5, 9], "int32"), 10).toFloat(),
    },
    attrs: {},
  }),
  DupbenchLinfStep: () => ({
    inputs: {
      current: drawTensor([2, 3, 5], 1),
      gradient: drawTensor([2, 3, 5], 2),
      original: drawTensor([2, 3, 5], 3),
    },
    attrs: { epsilon: 0.1, stepSize: 0.03, lowest: 0.25 },
  }),
  DupbenchSgdStep: () => ({
    inputs: {
      weight: drawTensor([3, 7], 1),
      velocity: drawTensor([3, 7], 2),
      gradient: drawTensor([3, 7], 3),
    },
    attrs: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  }),
  DupbenchNesterovStep: () => ({
    inputs: {
      weight: drawTensor([3, 7], 1),
      velocity: drawTensor([3, 7], 2),
      gradient: drawTensor([3, 7], 3),
    },
    attrs: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  }),
  DupbenchAdamwStep: () => ({
    inputs: {
      weight: drawTensor([3, 7], 1),
      mean: drawTensor([3, 7], 2),
      square: tf.square(drawTensor([3, 7], 3)),
      gradient: drawTensor([3, 7], 4),
    },
    attrs: {
      rate: 0.1,
      root: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      kept: 0.99,
    },
  }),
  DupbenchAdamStep: () => ({
    inputs: {
      weight: drawTensor([3, 7], 1),
      mean: drawTensor([3, 7], 2),
      square: tf.square(drawTensor([3, 7], 3)),
      gradient: drawTensor([3, 7], 4),
    },
    attrs: {
      rate: 0.1,
      root: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
    },
  }),
};

/** Calls that are not recorded on webgpu. */
const wasmCalls: Calls = {
  BatchMatMul: () => ({
    inputs: { a: drawTensor([2, 5, 9], 1), b: drawTensor([2, 6, 9], 2) },
    attrs: { transposeB: true },
  }),
  MaxPool: () => ({
    inputs: { x: drawTensor([2, 7, 7, 3], 1) },
    attrs: { filterSize: 3, strides: 2, pad: "same" },
  }),
};

for (
  const [name, makeCall, onWebgpu] of [
    ...Object.entries(calls).map((entry) => [...entry, true] as const),
    ...Object.entries(wasmCalls).map((entry) => [...entry, false] as const),
  ] as [KernelName, () => KernelCall, boolean][]
) {
  recorderTest(
    `a recording of ${name} computes what a call does${
      onWebgpu ? "" : " (of this backend alone)"
    }`,
    async (device) => {
      const call = makeCall() as KernelCall<typeof name>;
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
    { onWebgpu },
  );
}

/** Kernels that work in place, and the inputs that become their results. */
const updates: { [Name in KernelName]?: readonly string[] } = {
  DupbenchAdd: ["a"],
  DupbenchMultiply: ["b"],
  DupbenchScale: ["x"],
  DupbenchLinfStep: ["current"],
  DupbenchSgdStep: ["weight", "velocity"],
  DupbenchNesterovStep: ["weight", "velocity"],
  DupbenchAdamStep: ["weight", "mean", "square"],
  DupbenchAdamwStep: ["weight", "mean", "square"],
};

for (const [name, inputs] of Object.entries(updates)) {
  recorderTest(
    `${name} in place gives what it gives elsewhere`,
    async (device) => {
      const call = calls[name as KernelName]!() as KernelCall;
      const expected = tf.tidy(() => runKernel(name as KernelName, call));
      const tensors = call.inputs as unknown as Record<string, tf.Tensor>;
      const into = inputs.map((input) => tensors[input]!);
      // What is read before must not be given again afterwards.
      await Promise.all(into.map((tensor) => tensor.data()));
      const recorder = device.record();
      recorder.call(name as KernelName, call, { into });
      const recording = recorder.finish();
      recording.run();
      for (const [i, tensor] of into.entries()) {
        assertEquals(await tensor.data(), await expected[i]!.data());
      }
      recording.dispose();
      tf.dispose([Object.values(tensors), expected]);
    },
  );
}

recorderTest(
  "recordings of different sizes that take turns keep to their own memory and numbers",
  async (device) => {
    const sizes = [3, 8, 130];
    const recordings = sizes.map((rows, i) => {
      const x = drawTensor([rows, 6], i);
      const w = drawTensor([6, rows + 1], 10 + i);
      const y = tf.zeros([rows + 1]);
      const recorder = device.record();
      const [scaled] = recorder.call("DupbenchScale", {
        inputs: { x },
        attrs: { factor: i + 1, offset: 0 },
      }, { live: "factor" });
      const [product] = recorder.call("BatchMatMul", {
        inputs: { a: scaled!, b: w },
        attrs: {},
      });
      recorder.call("DupbenchColumnSums", {
        inputs: { x: product! },
        attrs: {},
      }, { into: [y] });
      return { x, w, y, recording: recorder.finish() };
    });
    const expect = async (i: number, factor: number) => {
      const { x, w, y } = recordings[i]!;
      const [xs, ws] = [await x.array(), await w.array()] as number[][][];
      const sums = ws![0]!.map((_, column) =>
        xs!.reduce(
          (sum, row) =>
            sum + row.reduce((s, v, k) => s + factor * v * ws![k]![column]!, 0),
          0,
        )
      );
      const error = relativeError(await y.data(), sums);
      assert(error < 1e-5, `size ${sizes[i]}: ${error}`);
    };
    for (let round = 0; round < 3; round++) {
      // All run before any is read.
      for (const { recording } of recordings) recording.run();
      recordings.toReversed().forEach(({ recording }, i) => {
        recording.update<"DupbenchScale">("factor", {
          factor: 10 * round + i,
          offset: 0,
        });
        recording.run();
      });
      for (const i of sizes.keys()) {
        await expect(i, 10 * round + sizes.length - 1 - i);
      }
    }
    for (const { recording, x, w, y } of recordings) {
      recording.dispose();
      tf.dispose([x, w, y]);
    }
  },
);

recorderTest(
  "an update stays behind what reads the weights, and a sum behind what changes its terms",
  async (device) => {
    const shape = [6, 6];
    const [a, b] = [drawTensor(shape, 1), drawTensor(shape, 2)];
    const ones = tf.ones(shape);
    const [weight, seen, sum] = [3, 0, 0].map((x) => tf.fill(shape, x));
    const recorder = device.record();
    const [product] = recorder.call("BatchMatMul", {
      inputs: { a, b },
      attrs: {},
    });
    recorder.call(
      "DupbenchAdd",
      { inputs: { a: weight!, b: ones }, attrs: {} },
      {
        into: [seen!],
      },
    );
    recorder.call("DupbenchAdd", {
      inputs: { a: weight!, b: product! },
      attrs: {},
    }, { into: [weight!] });
    const [other] = recorder.call("BatchMatMul", {
      inputs: { a: b, b: a },
      attrs: {},
    });
    recorder.call("DupbenchScale", {
      inputs: { x: ones },
      attrs: { factor: 5, offset: 0 },
    }, { into: [ones] });
    recorder.call(
      "DupbenchAdd",
      { inputs: { a: other!, b: ones }, attrs: {} },
      {
        into: [sum!],
      },
    );
    const recording = recorder.finish();
    recording.run();
    const expected = [
      tf.fill(shape, 4),
      tf.add(3, tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)),
      tf.add(5, tf.matMul(b as tf.Tensor2D, a as tf.Tensor2D)),
    ];
    for (const [i, tensor] of [seen!, weight!, sum!].entries()) {
      const error = relativeError(
        await tensor.data(),
        await expected[i]!.data(),
      );
      assert(error < 1e-5, `${i}: ${error}`);
    }
    recording.dispose();
    tf.dispose([a, b, ones, weight!, seen!, sum!, expected]);
  },
);

/** Calls on square matrices, by which values of the same size become others. */
const steps: readonly {
  readonly name: KernelName;
  readonly inputs: readonly string[];
  readonly attrs: object;
  /** Inputs that its results may overwrite. */
  readonly updates?: readonly string[];
}[] = [
  { name: "BatchMatMul", inputs: ["a", "b"], attrs: {} },
  { name: "BatchMatMul", inputs: ["a", "b"], attrs: { transposeA: true } },
  { name: "DupbenchAdd", inputs: ["a", "b"], attrs: {}, updates: ["b"] },
  { name: "DupbenchMultiply", inputs: ["a", "b"], attrs: {}, updates: ["a"] },
  {
    name: "DupbenchScale",
    inputs: ["x"],
    attrs: { factor: -0.5, offset: 0.25 },
    updates: ["x"],
  },
  { name: "DupbenchReluGrad", inputs: ["dy", "x"], attrs: {} },
  {
    name: "DupbenchSgdStep",
    inputs: ["weight", "velocity", "gradient"],
    attrs: { learningRate: 0.125, momentum: 0.5, weightDecay: 0.25 },
    updates: ["weight", "velocity"],
  },
];

recorderTest(
  "any sequence of calls that read, keep and overwrite each other's results computes what they do one by one",
  async (device) => {
    const buffers = 3;
    const step = fc.record({
      which: fc.nat(steps.length - 1),
      inputs: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      into: fc.oneof(fc.constant(undefined), fc.nat(buffers - 1)),
      isLive: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        // Of 25 elements, and of 36, which are nine vectors.
        fc.constantFrom(5, 6),
        fc.array(step, { minLength: 4, maxLength: 9 }),
        async (size, sequence) => {
          const shape = [size, size];
          const tensors = Array.from(
            { length: buffers },
            (_, i) => drawTensor(shape, i),
          );
          const expected = tensors.map((tensor) => tensor.clone());
          const recorder = device.record();
          const recorded: tf.TensorInfo[] = [...tensors];
          const live: string[] = [];
          sequence.forEach(
            ({ which, inputs: drawn, into: target, isLive }, at) => {
              const { name, inputs: names, attrs, updates } = steps[which]!;
              const chosen = names.map((name, i) =>
                // Memory to overwrite is of a buffer, one for each result.
                updates?.includes(name) && target !== undefined
                  ? (target + i) % buffers
                  : drawn[i]! % recorded.length
              );
              const isUpdate = updates !== undefined && target !== undefined;
              const overwritten = isUpdate
                ? updates.map((name) => chosen[names.indexOf(name)]!)
                : [];
              const call = (values: readonly tf.TensorInfo[]) =>
                ({
                  inputs: Object.fromEntries(
                    names.map((name, i) => [name, values[chosen[i]!]!]),
                  ),
                  attrs,
                }) as unknown as KernelCall;
              const results = runKernel(name, call(expected));
              const group = isLive ? `${at}` : undefined;
              if (group !== undefined) live.push(group);
              const found = recorder.call(name, call(recorded), {
                into: overwritten.map((place) => recorded[place]!),
                ...(group !== undefined && { live: group }),
              });
              if (isUpdate) {
                overwritten.forEach((place, i) => {
                  expected[place]!.dispose();
                  expected[place] = results[i]!;
                });
              } else {
                expected.push(...results);
                recorded.push(...found);
              }
            },
          );
          // The latest result would otherwise not be seen.
          const seen = tf.zeros(shape);
          recorder.call("DupbenchScale", {
            inputs: { x: recorded.at(-1)! },
            attrs: { factor: 1, offset: 0 },
          }, { into: [seen] });
          const recording = recorder.finish();
          for (const group of live) {
            recording.update(
              group,
              steps[sequence[+group]!.which]!.attrs as never,
            );
          }
          recording.run();
          const pairs = [
            ...tensors.map((tensor, i) => [tensor, expected[i]!] as const),
            [seen, expected.at(-1)!] as const,
          ];
          for (const [actual, wanted] of pairs) {
            const error = relativeError(
              await actual.data(),
              await wanted.data(),
            );
            assert(error < 1e-5, `${error}`);
          }
          recording.dispose();
          tf.dispose([tensors, expected, seen]);
        },
      ),
      // Each sequence has programs of its own, which are compiled.
      { numRuns: tf.getBackend() === "webgpu" ? 10 : 100, seed: 15 },
    );
  },
);

recorderTest(
  "recordings and kernels of TensorFlow.js see what the other left",
  async (device) => {
    const x = tf.ones([5]);
    const y = tf.zeros([5]);
    const recorder = device.record();
    recorder.call("DupbenchScale", {
      inputs: { x },
      attrs: { factor: 2, offset: 1 },
    }, { into: [y] });
    const recording = recorder.finish();
    const copy = device.makeBuffer([7]);
    for (let round = 0; round < 4; round++) {
      const before = tf.mul(x, round);
      device.copy({ from: before, to: x });
      recording.run();
      device.copy({ from: y, to: copy, at: 2 });
      device.write(x, new Float32Array(5).fill(round + 2));
      const after = tf.mul(y, 10);
      const value = 10 * (2 * round * (round === 0 ? 1 : round + 1) + 1);
      assertEquals([...await after.data()], new Array(5).fill(value));
      tf.dispose([before, after]);
    }
    const [shifted] = runKernel("DupbenchScale", {
      inputs: { x: copy },
      attrs: { factor: 1, offset: 0 },
    });
    assertEquals([...await shifted!.data()], [0, 0, 25, 25, 25, 25, 25]);
    device.freeBuffer(copy);
    recording.dispose();
    tf.dispose([x, y, shifted!]);
  },
);

recorderTest(
  "a result that goes into a tensor which no kernel has seen yet is added to what it holds",
  async (device) => {
    // Memory of this size that held other numbers may be used again.
    const other = tf.mul(tf.ones([11]), 5);
    await other.data();
    other.dispose();
    const [sum, x] = [tf.fill([11], 2), tf.ones([11])];
    const recorder = device.record();
    recorder.call("DupbenchAdd", { inputs: { a: sum, b: x }, attrs: {} }, {
      into: [sum],
    });
    const recording = recorder.finish();
    recording.run();
    assertEquals([...await sum.data()], new Array(11).fill(3));
    recording.dispose();
    tf.dispose([sum, x]);
  },
);

recorderTest(
  "sums and means of nothing are zeros and NaN",
  async (device) => {
    const [sums, mean, count] = [tf.ones([3]), tf.ones([]), tf.ones([])];
    const recorder = device.record();
    const x = tf.zeros([0, 3]);
    recorder.call("DupbenchColumnSums", { inputs: { x }, attrs: {} }, {
      into: [sums],
    });
    recorder.call("DupbenchMean", { inputs: { x }, attrs: {} }, {
      into: [mean],
    });
    recorder.call("DupbenchCountZeroRows", { inputs: { x }, attrs: {} }, {
      into: [count],
    });
    const recording = recorder.finish();
    recording.run();
    assertEquals([...await sums.data()], [0, 0, 0]);
    assertEquals([...await mean.data(), ...await count.data()], [NaN, 0]);
    recording.dispose();
    tf.dispose([x, sums, mean, count]);
  },
);

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
  recording.run({ stage: 0 });
  assertEquals([...await y.data(), ...await z.data()], [10, 20, 30, 0, 0, 0]);
  recording.run({ stage: 1 });
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
