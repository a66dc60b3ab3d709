import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { type Convolution, eachProduct, outputSize } from "./_convolution.ts";
import { drawTensor, drawValues, relativeError, useWasm } from "./_wasm.ts";

const pair = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Any convolution TensorFlow.js allows, small, with at least one output. */
const anyConvolution: fc.Arbitrary<Convolution> = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  height: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 12 }),
  channels: fc.constantFrom(1, 2, 3, 4, 7, 8, 16),
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 1, max: 4 }),
  outChannels: fc.constantFrom(1, 3, 4, 8, 10, 16, 20),
  stride: pair(1, 3),
  dilation: fc.oneof(fc.constant<[number, number]>([1, 1]), pair(1, 3)),
  pad: fc.tuple(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 3 }),
  ),
}).filter((c) => {
  // TensorFlow.js refuses to stride and dilate at once.
  const strided = c.stride[0] > 1 || c.stride[1] > 1;
  const dilated = c.dilation[0] > 1 || c.dilation[1] > 1;
  return !(strided && dilated) && Math.min(...outputSize(c)) >= 1;
});

/** The 3x3 convolutions of stride 1 that training spends its time in. */
const denseConvolution: fc.Arbitrary<Convolution> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 19 }),
  width: fc.integer({ min: 1, max: 19 }),
  channels: fc.constantFrom(3, 5, 8, 12, 16, 32),
  filterHeight: fc.constant(3),
  filterWidth: fc.constant(3),
  outChannels: fc.constantFrom(8, 16, 24, 32),
  stride: fc.constant<[number, number]>([1, 1]),
  dilation: fc.constant<[number, number]>([1, 1]),
  pad: fc.constant<[number, number, number, number]>([1, 1, 1, 1]),
});

const explicitPad = ({ pad: [top, bottom, left, right] }: Convolution) =>
  [[0, 0], [top, bottom], [left, right], [0, 0]] as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ];

const shapes = (c: Convolution) => ({
  x: [c.batch, c.height, c.width, c.channels] as [
    number,
    number,
    number,
    number,
  ],
  w: [c.filterHeight, c.filterWidth, c.channels, c.outChannels] as [
    number,
    number,
    number,
    number,
  ],
  y: [c.batch, ...outputSize(c), c.outChannels] as [
    number,
    number,
    number,
    number,
  ],
});

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Forward, input gradient and filter gradient against sums in float64. */
function checkConvolution(c: Convolution): void {
  const { x, w, y } = shapes(c);
  const [xs, ws, dys] = [x, w, y].map((s, i) => drawValues(sizeOf(s), i));
  const expected = {
    y: new Float64Array(sizeOf(y)),
    dx: new Float64Array(sizeOf(x)),
    dw: new Float64Array(sizeOf(w)),
  };
  eachProduct(c, (i, k, o) => {
    expected.y[o]! += xs![i]! * ws![k]!;
    expected.dx[i]! += dys![o]! * ws![k]!;
    expected.dw[k]! += dys![o]! * xs![i]!;
  });
  tf.tidy(() => {
    const [tx, tw, tdy] = [
      tf.tensor4d(xs!, x),
      tf.tensor4d(ws!, w),
      tf.tensor4d(dys!, y),
    ];
    const pad = explicitPad(c);
    const run = (kernel: string, inputs: tf.NamedTensorMap, attrs: object) =>
      (tf.engine().runKernel(kernel, inputs, {
        strides: c.stride,
        pad,
        dataFormat: "NHWC",
        dimRoundingMode: null,
        ...attrs,
      } as unknown as tf.NamedAttrMap) as tf.Tensor).dataSync();
    const forward = run("Conv2D", { x: tx, filter: tw }, {
      dilations: c.dilation,
    });
    assert(relativeError(forward, expected.y) < 1e-5, "forward");
    if (c.dilation[0] > 1 || c.dilation[1] > 1) return;
    const dx = run("Conv2DBackpropInput", { dy: tdy, filter: tw }, {
      inputShape: x,
    });
    assert(relativeError(dx, expected.dx) < 1e-5, "input gradient");
    const dw = run("Conv2DBackpropFilter", { x: tx, dy: tdy }, {
      filterShape: w,
    });
    assert(relativeError(dw, expected.dw) < 1e-5, "filter gradient");
  });
}

Deno.test("wasm: Conv2D and its gradients equal float64 sums for any stride, padding, dilation and channels", async () => {
  await useWasm();
  fc.assert(fc.property(anyConvolution, checkConvolution), {
    numRuns: 150,
    seed: 1,
  });
});

Deno.test("wasm: Conv2D and its gradients equal float64 sums for 3x3 filters of stride 1", async () => {
  await useWasm();
  fc.assert(fc.property(denseConvolution, checkConvolution), {
    numRuns: 25,
    seed: 2,
  });
});

Deno.test("wasm: Conv2D gradients agree with the cpu backend through tf.grads", async () => {
  await useWasm();
  const gradients = async (backend: string) => {
    await tf.setBackend(backend);
    return tf.tidy(() => {
      const x = drawTensor<tf.Rank.R4>([2, 9, 7, 5], 1);
      const w = drawTensor<tf.Rank.R4>([3, 2, 5, 6], 2);
      const loss = (x: tf.Tensor, w: tf.Tensor) =>
        tf.sum(
          tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "same")),
        );
      return tf.grads(loss)([x, w]).map((g) => g.dataSync());
    });
  };
  const wasm = await gradients("wasm");
  const cpu = await gradients("cpu");
  await tf.setBackend("wasm");
  for (const i of [0, 1]) assert(relativeError(wasm[i]!, cpu[i]!) < 1e-5);
});

Deno.test("wasm: FusedConv2D adds the bias and clamps", async () => {
  await useWasm();
  for (const activation of ["linear", "relu", "relu6", "sigmoid"] as const) {
    tf.tidy(() => {
      const x = drawTensor<tf.Rank.R4>([2, 6, 6, 3], 1);
      const filter = drawTensor<tf.Rank.R4>([3, 3, 3, 10], 2);
      const bias = drawTensor<tf.Rank.R1>([10], 3);
      const fused = tf.fused.conv2d({
        x,
        filter,
        bias,
        strides: 1,
        pad: "same",
        activation,
      });
      const plain = tf.add(tf.conv2d(x, filter, 1, "same"), bias);
      const expected = activation === "linear" ? plain : tf[activation](plain);
      assert(relativeError(fused.dataSync(), expected.dataSync()) < 1e-6);
    });
  }
});

for (const bad of [NaN, Infinity, -Infinity]) {
  Deno.test(`wasm: Conv2D spreads ${bad} wherever the direct sum does`, async () => {
    await useWasm();
    fc.assert(
      fc.property(
        fc.oneof(anyConvolution, denseConvolution).filter((c) => c.batch > 0),
        fc.nat(),
        (c, draw) => {
          const { x, w, y } = shapes(c);
          const [xs, ws, dys] = [x, w, y].map((s, i) =>
            drawValues(sizeOf(s), i)
          );
          xs![draw % xs!.length] = bad;
          dys![draw % dys!.length] = bad;
          const forward = new Float64Array(sizeOf(y));
          const dx = new Float64Array(sizeOf(x));
          const dw = new Float64Array(sizeOf(w));
          eachProduct(c, (i, k, o) => {
            forward[o]! += xs![i]! * ws![k]!;
            dx[i]! += dys![o]! * ws![k]!;
            dw[k]! += dys![o]! * xs![i]!;
          });
          tf.tidy(() => {
            const attrs = {
              strides: c.stride,
              pad: explicitPad(c),
              dataFormat: "NHWC",
              dilations: c.dilation,
              inputShape: x,
              filterShape: w,
            } as unknown as tf.NamedAttrMap;
            const [tx, tw, tdy] = [
              tf.tensor(xs!, x),
              tf.tensor(ws!, w),
              tf.tensor(dys!, y),
            ];
            const check = (
              kernel: string,
              inputs: tf.NamedTensorMap,
              expected: Float64Array,
            ) => {
              const actual =
                (tf.engine().runKernel(kernel, inputs, attrs) as tf.Tensor)
                  .dataSync();
              expected.forEach((value, i) => {
                if (!Number.isFinite(value)) {
                  assert(!Number.isFinite(actual[i]!), `${kernel} ${i}`);
                }
              });
            };
            check("Conv2D", { x: tx, filter: tw }, forward);
            if (c.dilation[0] > 1 || c.dilation[1] > 1) return;
            check("Conv2DBackpropInput", { dy: tdy, filter: tw }, dx);
            check("Conv2DBackpropFilter", { x: tx, dy: tdy }, dw);
          });
        },
      ),
      { numRuns: 25, seed: 3 },
    );
  });
}

Deno.test("wasm: Conv2D neither leaks tensors nor grows memory over steps", async () => {
  await useWasm();
  const x = drawTensor<tf.Rank.R4>([4, 16, 16, 8], 1);
  const w = drawTensor<tf.Rank.R4>([3, 3, 8, 16], 2);
  const gradients = tf.grads((x: tf.Tensor, w: tf.Tensor) =>
    tf.sum(
      tf.maxPool(
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"),
        2,
        2,
        "same",
      ),
    )
  );
  const step = () => tf.dispose(gradients([x, w]));
  const memory = (tf.backend() as unknown as {
    wasm: { asm: { memory: WebAssembly.Memory } };
  }).wasm.asm.memory;
  step();
  const before = [tf.memory().numTensors, memory.buffer.byteLength];
  for (let i = 0; i < 100; i++) step();
  assertEquals([tf.memory().numTensors, memory.buffer.byteLength], before);
  tf.dispose([x, w]);
});
