// Operations of int32 and bool tensors, which official kernels read as float32, or
// write beyond: with the numbers of the cpu backend's kernels, or exact ones.
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useWasm } from "./_wasm.ts";

type Call = () => tf.Tensor | tf.Tensor[];

/** Types, shapes and values of a computation. */
function run(compute: Call): [type: string, shape: number[], number[]][] {
  return tf.tidy(() =>
    [compute()].flat().map((y) => [y.dtype, y.shape, [...y.dataSync()]])
  );
}

/**
 * Asserts that a computation on wasm is that of cpu and leaves tensors around its
 * results as they are.
 */
async function assertAsOnCpu(compute: Call, text: string): Promise<void> {
  await tf.setBackend("cpu");
  const expected = run(compute);
  await useWasm();
  const around = Array.from({ length: 40 }, (_, i) => tf.ones([3 * i + 1]));
  around.splice(5, 30).forEach((tensor) => tensor.dispose());
  const actual = run(compute);
  assertEquals(actual.length, expected.length, text);
  actual.forEach(([type, shape, values], which) => {
    const [typeThere, shapeThere, valuesThere] = expected[which]!;
    assertEquals([type, shape], [typeThere, shapeThere], text);
    values.forEach((value, i) => {
      const there = valuesThere[i]!;
      assert(
        Object.is(value, there) || Math.abs(value - there) <= 1e-6,
        `${text}, ${i}: ${value}, on cpu ${there}`,
      );
    });
  });
  for (const tensor of around) {
    assert(tensor.dataSync().every((value) => value === 1), text);
  }
  tf.dispose(around);
}

const integers = [-3, -1, 0, 1, 2, 7, 100, -100, 1065353216, 16777217, 9, 4];

const drawn = {
  int32: () => tf.tensor1d(integers, "int32"),
  // More bytes than the memory of a small result has.
  bool: () =>
    tf.tensor1d(Array.from({ length: 37 }, (_, i) => i % 3 === 0), "bool"),
};

/** Kernels of one tensor, by their names in the registry: some public functions
 * refuse what their kernels take. */
const ofOne: Record<string, object> = {
  ...Object.fromEntries(
    `Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Floor IsFinite
    IsInf IsNan Log Log1p Neg Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign
    Sin Sinh Softplus Sqrt Tan Tanh`.split(/\s+/).map((name) => [name, {}]),
  ),
  LeakyRelu: { alpha: 0.25 },
  Step: { alpha: 0.5 },
  Expm1: {},
  Square: {},
  Cumsum: { axis: 0, exclusive: false, reverse: false },
  Cumprod: { axis: 0, exclusive: true, reverse: false },
  ClipByValue: { clipValueMin: 0, clipValueMax: 5 },
  TopK: { k: 2, sorted: true },
};

for (const type of ["int32", "bool"] as const) {
  Deno.test(`wasm: functions of ${type} tensors give what cpu gives, and write nowhere else`, async () => {
    for (const [name, attrs] of Object.entries(ofOne)) {
      // The cpu backend squares in float32, and has e^x - 1 of integers as integers.
      if (type === "int32" && (name === "Square" || name === "Expm1")) continue;
      await assertAsOnCpu(
        () => tf.engine().runKernel(name, { x: drawn[type]() }, { ...attrs }),
        name,
      );
    }
  });

  Deno.test(`wasm: operations of two ${type} tensors give what cpu gives, and write nowhere else`, async () => {
    for (
      const name of [
        "atan2",
        "floorDiv",
        "mod",
        "maximum",
        "minimum",
        "mul",
        "equal",
        "notEqual",
        "greater",
        "less",
        "lessEqual",
        "greaterEqual",
      ] as const
    ) {
      await assertAsOnCpu(
        () => tf[name](drawn[type](), tf.reverse(drawn[type]())),
        name,
      );
    }
    const quotient = () =>
      tf.engine().runKernel("RealDiv", {
        a: drawn[type](),
        b: tf.onesLike(drawn[type]()),
      }) as tf.Tensor;
    await assertAsOnCpu(quotient, "RealDiv");
  });
}

Deno.test("wasm: where of two types, and of booleans, gives what cpu gives", async () => {
  const floats = () => tf.linspace(-1, 1, 37);
  for (
    const [text, t, e] of [
      ["bool", drawn.bool, () => tf.zeros([37], "bool")],
      ["float32, int32", floats, () => tf.range(0, 37, 1, "int32")],
      ["int32, float32", () => tf.range(0, 37, 1, "int32"), floats],
      ["bool, float32", drawn.bool, floats],
    ] as const
  ) {
    const condition = () => tf.logicalNot(drawn.bool());
    await assertAsOnCpu(() => tf.where(condition(), t(), e()), text);
  }
});

Deno.test("wasm: whole numbers keep digits beyond 2^24 and division by 0 ends", async () => {
  await useWasm();
  const values = tf.tidy(() => {
    const x = tf.tensor1d([16777217, -33554435, 7], "int32");
    const one = tf.tensor1d([1, 1, 0], "int32");
    return [tf.neg(x), tf.floorDiv(x, one), tf.mod(x, one), tf.square(x)]
      .map((y) => [...y.dataSync()]);
  });
  assertEquals(values, [
    [-16777217, 33554435, -7],
    [16777217, -33554435, 0],
    [0, 0, 0],
    // Modulo 2^32.
    [Math.imul(16777217, 16777217), Math.imul(33554435, 33554435), 49],
  ]);
});

Deno.test("wasm: prelu takes slopes of any type", async () => {
  const x = (): tf.Tensor => tf.tensor2d([[-1, 2, -3], [4, -5, 6]]);
  for (const type of ["int32", "bool"] as const) {
    await assertAsOnCpu(
      () => tf.prelu(x(), tf.tensor1d([1, 0, 1], type)),
      `slopes of ${type}`,
    );
    await assertAsOnCpu(
      () => tf.prelu(tf.cast(x(), type), tf.tensor1d([2, 0, 1], "float32")),
      `x of ${type}`,
    );
  }
});

Deno.test("wasm: oneHot, stridedSlice, maxPool, batchNorm, searchSorted and resizeNearestNeighbor of other types give what cpu gives", async () => {
  const whole = () => tf.reshape(tf.range(0, 48, 1, "int32"), [1, 4, 4, 3]);
  for (const type of ["float32", "bool", "int32"] as const) {
    await assertAsOnCpu(
      () => tf.oneHot(tf.tensor1d([0, 2, 5, -1], "int32"), 3, 1, 0, type),
      `oneHot of ${type}`,
    );
    await assertAsOnCpu(
      () => tf.stridedSlice(tf.cast(whole(), type), [0, 1], [1, 4], [1, 2]),
      `stridedSlice of ${type}`,
    );
  }
  for (const type of ["bool", "int32"] as const) {
    const x = () => tf.cast(whole(), type) as tf.Tensor4D;
    await assertAsOnCpu(() => tf.maxPool(x(), 2, 1, "same"), "maxPool");
    await assertAsOnCpu(
      () => tf.batchNorm(x(), tf.zeros([3]), tf.ones([3])),
      "batchNorm",
    );
    if (type === "int32") {
      await assertAsOnCpu(
        () => {
          const large = tf.add(x(), tf.scalar(1 << 24, "int32"));
          return tf.image.resizeNearestNeighbor(large as tf.Tensor4D, [3, 7]);
        },
        "resizeNearestNeighbor",
      );
    }
    await assertAsOnCpu(
      () => tf.searchSorted(tf.cast([0, 1, 1], type), tf.cast([1, 0], type)),
      "searchSorted",
    );
  }
});
