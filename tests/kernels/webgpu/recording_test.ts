import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import fc from "fast-check";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { recordingBackend } from "../../../src/kernels/common/recorder.ts";
import { packBuffers } from "../../../src/kernels/webgpu/pack_buffers.ts";
import { webgpuTest } from "../../webgpu_available.ts";
import { drawTensor } from "../_kernels.ts";

Deno.test("packBuffers() gives values in use at the same time different buffers, large enough", () => {
  const lifetime = fc.record({
    bytes: fc.integer({ min: 4, max: 64 }),
    first: fc.nat(30),
    length: fc.nat(10),
  }).map(({ bytes, first, length }) => ({
    bytes,
    first,
    last: first + length,
  }));
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (values) => {
      const { buffers, sizes } = packBuffers(values);
      const most = Math.max(
        0,
        ...Array.from(
          { length: 41 },
          (_, t) =>
            values.filter(({ first, last }) => first <= t && t <= last).length,
        ),
      );
      return sizes.length >= most &&
        values.every((value, i) => value.bytes <= sizes[buffers[i]!]!) &&
        values.every((a, i) =>
          values.every((b, j) =>
            i === j || buffers[i] !== buffers[j] || a.last < b.first ||
            b.last < a.first
          )
        );
    }),
    { seed: 15 },
  );
});

webgpuTest(
  "run() is one pass and one submission, TensorFlow.js's programs included",
  async () => {
    const { settle } = await openBackend("webgpu");
    const { device } = tf.backend() as WebGPUBackend;
    const x = drawTensor([9, 40], 1);
    const w = drawTensor([40, 7], 2);
    const sums = tf.zeros([7]);
    const recorder = recordingBackend()!.record();
    recorder.repeat(5, () => {
      const [product] = recorder.call("BatchMatMul", {
        inputs: { a: x, b: w },
        attrs: {},
      });
      recorder.call("DupbenchColumnSums", {
        inputs: { x: product! },
        attrs: {},
      }, { into: [sums] });
    });
    const recording = recorder.finish();
    await settle();
    let submissions = 0;
    let passes = 0;
    const submit = device.queue.submit;
    const create = device.createCommandEncoder;
    device.queue.submit = function (...args) {
      submissions++;
      return submit.apply(this, args);
    };
    device.createCommandEncoder = function (...args) {
      const encoder = create.apply(this, args);
      const begin = encoder.beginComputePass;
      encoder.beginComputePass = function (...args) {
        passes++;
        return begin.apply(this, args);
      };
      return encoder;
    };
    try {
      const before = tf.mul(x, 2);
      recording.run();
      assertEquals({ submissions, passes }, { submissions: 1, passes: 1 });
      before.dispose();
    } finally {
      device.queue.submit = submit;
      device.createCommandEncoder = create;
    }
    recording.dispose();
    tf.dispose([x, w, sums]);
    await settle();
  },
);

webgpuTest(
  "relu, dropout and an update run in the programs whose results they treat",
  async () => {
    const { settle } = await openBackend("webgpu");
    const [x, dz, weight, velocity, factors] = [1, 2, 3, 4, 5].map((seed) =>
      drawTensor([12, 12], seed)
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const kept = tf.zeros([12, 12]);
    const recorder = recordingBackend()!.record();
    const call = (...args: Parameters<typeof recorder.call>) =>
      recorder.call(...args)[0]!;
    const product = call("BatchMatMul", {
      inputs: { a: dz, b: weight },
      attrs: { transposeB: true },
    });
    const dropped = call("DupbenchMultiply", {
      inputs: { a: product, b: factors },
      attrs: {},
    });
    call("DupbenchReluGrad", { inputs: { dy: dropped, x }, attrs: {} }, {
      into: [kept],
    });
    const gradient = call("BatchMatMul", {
      inputs: { a: x, b: dz },
      attrs: { transposeA: true },
    });
    call("DupbenchSgdStep", {
      inputs: { weight, velocity, gradient },
      attrs: { learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
    }, { into: [weight, velocity] });
    const recording = recorder.finish();
    let dispatches = 0;
    const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...args) {
      dispatches++;
      return dispatch.apply(this, args);
    };
    try {
      recording.run();
    } finally {
      GPUComputePassEncoder.prototype.dispatchWorkgroups = dispatch;
    }
    assertEquals(dispatches, 2);
    recording.dispose();
    tf.dispose([x, dz, weight, velocity, factors, kept]);
    await settle();
  },
);

webgpuTest(
  "finish() refuses a result that would overwrite what its program still reads",
  async () => {
    await openBackend("webgpu");
    const x = drawTensor([8, 8], 1);
    const w = drawTensor([8, 8], 2);
    const recorder = recordingBackend()!.record();
    recorder.call("BatchMatMul", { inputs: { a: x, b: w }, attrs: {} }, {
      into: [x],
    });
    assertThrows(
      () => recorder.finish(),
      RangeError,
      'cannot overwrite its input "matrixA"',
    );
    tf.dispose([x, w]);
  },
);
