// Calls that users of TensorFlow.js make, with the numbers that its specs, its cpu
// backend or a sum on paper give.
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useWasm } from "./_wasm.ts";

const count = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** The values of a computation on wasm with our kernels. */
async function onWasm(compute: () => tf.Tensor): Promise<number[]> {
  await useWasm();
  const y = tf.tidy(compute);
  const values = [...await y.data()];
  y.dispose();
  return values;
}

/** The values of the same computation on the cpu backend. */
async function onCpu(compute: () => tf.Tensor): Promise<number[]> {
  await tf.setBackend("cpu");
  const y = tf.tidy(compute);
  const values = [...await y.data()];
  y.dispose();
  return values;
}

function assertClose(actual: number[], expected: number[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => {
    const most = 1e-5 * Math.max(1, Math.abs(expected[i]!));
    assert(
      Math.abs(value - expected[i]!) <= most,
      `${i}: ${value}, ${expected[i]}`,
    );
  });
}

Deno.test("wasm: the gradient of relu has a gradient", async () => {
  const second = await onWasm(() =>
    tf.grad((x) => tf.sum(tf.square(tf.grad(tf.relu)(x))))(
      tf.tensor1d([-1, 2, 3]),
    )
  );
  assertEquals(second, [0, 0, 0]);
  // d/dx of sum(g(x)^2), g = grad of relu(x)^2 = 2x where positive: 8x.
  const square = await onWasm(() =>
    tf.grad((x) => tf.sum(tf.square(tf.grad((x) => tf.square(tf.relu(x)))(x))))(
      tf.tensor1d([-1, 2, 3]),
    )
  );
  assertEquals(square, [0, 16, 24]);
});

for (const rounding of ["ceil", "round"] as const) {
  Deno.test(`wasm: gradients of conv2d with rounding "${rounding}" go by the shape of dy`, async () => {
    const x = () => tf.tensor4d(count(16), [1, 4, 4, 1]);
    const gradients = () =>
      tf.grads((x: tf.Tensor, k: tf.Tensor) =>
        tf.conv2d(
          x as tf.Tensor4D,
          k as tf.Tensor4D,
          2,
          0,
          "NHWC",
          [1, 1],
          rounding,
        )
      )([x(), tf.ones([1, 1, 1, 1])], tf.tensor4d(count(9), [1, 3, 3, 1]));
    const dx = await onWasm(() => gradients()[0]!);
    assertEquals(dx.filter((value) => value !== 0), [1, 2, 4, 5]);
    assertEquals(await onWasm(() => gradients()[1]!), [98]);
  });

  Deno.test(`wasm: the gradient of maxPool with rounding "${rounding}" goes by the shape of dy`, async () => {
    const dx = await onWasm(() =>
      tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 1, 2, 0, rounding))(
        tf.tensor4d(count(16), [1, 4, 4, 1]),
        tf.tensor4d(count(9), [1, 3, 3, 1]),
      )
    );
    assertEquals(dx.filter((value) => value !== 0), [1, 2, 4, 5]);
  });
}

Deno.test("wasm: matMul of a matrix and a vector throws", async () => {
  await useWasm();
  assertThrows(
    () => tf.matMul(tf.ones([2, 3]), tf.ones([3]) as tf.Tensor as tf.Tensor2D),
    Error,
  );
});

Deno.test("wasm: a fused bias of another shape than [n] is broadcast", async () => {
  const product = (bias: tf.Tensor) =>
    tf.fused.matMul({ a: tf.eye(2), b: tf.ones([2, 2]), bias });
  assertEquals(await onWasm(() => product(tf.scalar(5))), [6, 6, 6, 6]);
  assertEquals(
    await onWasm(() => product(tf.tensor2d([[1, 2], [3, 4]]))),
    [2, 3, 4, 5],
  );
  for (const bias of [() => tf.scalar(5), () => tf.tensor1d([5])]) {
    const convolved = await onWasm(() =>
      tf.fused.conv2d({
        x: tf.ones<tf.Rank.R4>([1, 1, 2, 1]),
        filter: tf.ones([1, 1, 1, 3]),
        strides: 1,
        pad: "valid",
        bias: bias(),
      })
    );
    assertEquals(convolved, [6, 6, 6, 6, 6, 6]);
  }
});

Deno.test("wasm: fused depthwise convolution takes a bias of rank 4", async () => {
  const y = await onWasm(() =>
    tf.fused.depthwiseConv2d({
      x: tf.ones<tf.Rank.R4>([1, 1, 2, 2]),
      filter: tf.ones([1, 1, 2, 1]),
      strides: 1,
      pad: "valid",
      bias: tf.tensor4d([1, 2], [1, 1, 1, 2]) as unknown as tf.Tensor1D,
    })
  );
  assertEquals(y, [2, 3, 2, 3]);
});

Deno.test("wasm: gather has a gradient", async () => {
  const dx = await onWasm(() =>
    tf.grad((x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32")))(
      tf.ones([4, 2]),
      tf.tensor2d([[1, 2], [3, 4], [5, 6]]),
    )
  );
  assertEquals(dx, [3, 4, 0, 0, 6, 8, 0, 0]);
});

Deno.test("wasm: unsortedSegmentSum leaves out numbers of no segment", async () => {
  const sums = await onWasm(() =>
    tf.unsortedSegmentSum(
      tf.tensor1d([1, 2, 4, 8]),
      tf.tensor1d([1, -1, 1, 7], "int32"),
      3,
    )
  );
  assertEquals(sums, [0, 5, 0]);
});

for (
  const [equation, shapes] of [
    ["bqhd,bkhd->bhqk", [[2, 3, 2, 4], [2, 5, 2, 4]]],
    ["ij,jk->ki", [[2, 3], [3, 4]]],
    ["ij,j->", [[2, 3], [3]]],
    ["ij->j", [[2, 3]]],
    ["i,j->ij", [[2], [3]]],
  ] as [string, number[][]][]
) {
  Deno.test(`wasm: einsum ${equation} and its gradient equal loops over the labels`, async () => {
    const values = shapes.map((shape, t) =>
      count(tf.util.sizeFromShape(shape)).map((i) => Math.sin(i * (t + 1)))
    );
    const [terms, output] = [
      equation.split("->")[0]!.split(","),
      equation.split("->")[1]!,
    ];
    const size = new Map<string, number>();
    terms.forEach((term, t) =>
      [...term].forEach((label, i) => size.set(label, shapes[t]![i]!))
    );
    const labels = [...size.keys()];
    const place = (term: string, index: Map<string, number>) =>
      [...term].reduce((at, l) => at * size.get(l)! + index.get(l)!, 0);
    const length = [...output].reduce((n, l) => n * size.get(l)!, 1);
    const expected = Array<number>(length).fill(0);
    const dy = count(length).map((i) => Math.cos(i));
    const gradients = values.map((list) => list.map(() => 0));
    const total = labels.reduce((n, l) => n * size.get(l)!, 1);
    for (let flat = 0; flat < total; flat++) {
      const index = new Map<string, number>();
      let rest = flat;
      for (const label of labels) {
        index.set(label, rest % size.get(label)!);
        rest = Math.floor(rest / size.get(label)!);
      }
      const factors = terms.map((term, t) => values[t]![place(term, index)]!);
      const to = place(output, index);
      expected[to]! += factors.reduce((a, b) => a * b, 1);
      terms.forEach((term, t) => {
        const others = factors.filter((_, i) => i !== t);
        gradients[t]![place(term, index)]! += dy[to]! *
          others.reduce((a, b) => a * b, 1);
      });
    }
    const tensors = () => values.map((list, t) => tf.tensor(list, shapes[t]!));
    assertClose(
      await onWasm(() => tf.einsum(equation, ...tensors())),
      expected,
    );
    for (let t = 0; t < terms.length; t++) {
      const gradient = await onWasm(() => {
        const result = tf.grads((...x) => tf.einsum(equation, ...x));
        const shape = [...output].map((l) => size.get(l)!);
        return result(tensors(), tf.tensor(dy, shape))[t]!;
      });
      assertClose(gradient, gradients[t]!);
    }
  });
}

Deno.test("wasm: the input gradient of conv3d reaches all pixels", async () => {
  const dx = await onWasm(() =>
    tf.grad((x) =>
      tf.conv3d(
        x as tf.Tensor5D,
        tf.tensor5d([1, 2], [1, 1, 2, 1, 1]),
        2 as 1,
        "valid",
      )
    )(tf.ones([1, 1, 1, 2, 1]))
  );
  assertEquals(dx, [1, 2]);
  const wide = await onWasm(() =>
    tf.grad((x) =>
      tf.conv3d(
        x as tf.Tensor5D,
        tf.tensor5d([1, 2], [1, 1, 2, 1, 1]),
        1,
        "valid",
      )
    )(tf.ones([1, 2, 2, 2, 1]))
  );
  assertEquals(wide, [1, 2, 1, 2, 1, 2, 1, 2]);
});

Deno.test("wasm: maxPool3d of negative numbers is their maximum", async () => {
  const y = await onWasm(() =>
    tf.maxPool3d(
      tf.tensor5d([-8, -7, -6, -5, -4, -3, -2.5, -2], [1, 2, 2, 2, 1]),
      2,
      2,
      "valid",
    )
  );
  assertEquals(y, [-2]);
});

Deno.test("wasm: depthwise convolution with a narrow filter and a stride sums its windows", async () => {
  const y = await onWasm(() =>
    tf.depthwiseConv2d(
      tf.tensor4d(count(16), [1, 4, 4, 1]),
      tf.ones([3, 1, 1, 1]),
      2,
      "same",
    )
  );
  assertEquals(y, [15, 21, 22, 26]);
  for (
    const [filter, strides] of [
      [[3, 1], [2, 2]],
      [[1, 3], [2, 2]],
      [[2, 2], [3, 3]],
      [[3, 1], [1, 2]],
      [[2, 5], [2, 2]],
      [[3, 3], [2, 2]],
    ] as [[number, number], [number, number]][]
  ) {
    const compute = () =>
      tf.depthwiseConv2d(
        tf.tensor4d(count(7 * 6 * 2), [1, 7, 6, 2]),
        tf.tensor4d(count(filter[0] * filter[1] * 2), [...filter, 2, 1]),
        strides,
        "same",
      );
    assertClose(await onWasm(compute), await onCpu(compute));
  }
});

Deno.test("wasm: a number cast to bool is 0 or 1", async () => {
  const y = await onWasm(() => tf.cast(tf.tensor1d([3, -2, 0, 0.5]), "bool"));
  assertEquals(y, [1, 1, 0, 1]);
});

Deno.test("wasm: clip and relu6 keep NaN", async () => {
  const x = () => tf.tensor1d([NaN, -1, 3, 9, NaN]);
  assertEquals(await onWasm(() => tf.relu6(x())), [NaN, 0, 3, 6, NaN]);
  assertEquals(
    await onWasm(() => tf.clipByValue(x(), 1, 5)),
    [NaN, 1, 3, 5, NaN],
  );
});

for (const format of ["NHWC", "NCHW"] as const) {
  Deno.test(`wasm: dilated conv2d in ${format} convolves and, with channels last, has gradients`, async () => {
    const shape: [number, number, number, number] = format === "NHWC"
      ? [1, 5, 5, 1]
      : [1, 1, 5, 5];
    const convolve = (x: tf.Tensor, k: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 1, "valid", format, 2);
    const x = () => tf.tensor4d(count(25), shape);
    const k = () => tf.tensor4d(count(9), [3, 3, 1, 1]);
    let sum = 0;
    const taps: number[] = [];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        taps.push(2 * i * 5 + 2 * j + 1);
        sum += taps.at(-1)! * taps.length;
      }
    }
    assertEquals(await onWasm(() => convolve(x(), k())), [sum]);
    if (format === "NCHW") return;
    assertEquals(await onWasm(() => tf.grads(convolve)([x(), k()])[1]!), taps);
    const dx = Array<number>(25).fill(0);
    taps.forEach((tap, i) => dx[tap - 1] = i + 1);
    assertEquals(await onWasm(() => tf.grads(convolve)([x(), k()])[0]!), dx);
  });
}

Deno.test("wasm: operations on the cpu backend keep no tensor and no memory there", async () => {
  await useWasm();
  const step = () =>
    tf.tidy(() => {
      tf.einsum("ij->j", tf.ones([2, 3]));
      tf.cast(tf.ones([3]), "bool");
      tf.einsum("ij,jk->ik", tf.ones([2, 3]), tf.ones([3, 2]));
    });
  const cpu = tf.findBackend("cpu");
  step();
  const before = [
    tf.memory().numDataBuffers,
    tf.memory().numTensors,
    cpu.numDataIds(),
    tf.backend().numDataIds(),
  ];
  for (let i = 0; i < 20; i++) step();
  assertEquals([
    tf.memory().numDataBuffers,
    tf.memory().numTensors,
    cpu.numDataIds(),
    tf.backend().numDataIds(),
  ], before);
});
