import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { registerWebgpuTrainingKernels } from "../../../src/kernels/webgpu/mod.ts";
import { webgpuTest } from "../../webgpu_available.ts";
import { drawValues } from "./_values.ts";

/** A network with every layer whose gradient is ours on WebGPU. */
function buildModel(): tf.Sequential {
  const { layers } = tf;
  const initializer = () => tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential();
  model.add(layers.conv2d({
    inputShape: [12, 12, 3],
    filters: 8,
    kernelSize: 3,
    padding: "same",
    kernelInitializer: initializer(),
  }));
  model.add(layers.batchNormalization());
  model.add(layers.reLU());
  model.add(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }));
  model.add(layers.conv2d({
    filters: 5,
    kernelSize: 3,
    strides: 2,
    activation: "relu",
    kernelInitializer: initializer(),
  }));
  model.add(layers.averagePooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(layers.dense({
    units: 4,
    activation: "softmax",
    kernelInitializer: initializer(),
  }));
  model.compile({
    optimizer: tf.train.momentum(0.05, 0.9),
    loss: "categoricalCrossentropy",
  });
  return model;
}

/** Losses of the epochs of `model.fit()` on a backend. */
async function fitOn(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  const model = buildModel();
  const x = tf.tensor4d(drawValues(16 * 432, "x"), [16, 12, 12, 3]);
  const labels = tf.tensor1d(
    Array.from({ length: 16 }, (_, i) => i % 4),
    "int32",
  );
  const y = tf.cast(tf.oneHot(labels, 4), "float32");
  const { history } = await model.fit(x, y, {
    batchSize: 8,
    epochs: 5,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
  });
  tf.dispose([x, y, labels]);
  model.dispose();
  return history.loss as number[];
}

webgpuTest(
  "registerWebgpuTrainingKernels() lets model.fit() train with the losses of cpu within 1e-3, the same every time",
  async () => {
    registerWebgpuTrainingKernels();
    assert(await tf.setBackend("webgpu"));
    const losses = await fitOn("webgpu");
    const again = await fitOn("webgpu");
    const expected = await fitOn("cpu");
    assert(expected.at(-1)! < expected[0]! - 0.01, expected.join());
    losses.forEach((loss, i) =>
      assert(Math.abs(loss - expected[i]!) < 1e-3, `${losses}; ${expected}`)
    );
    assertEquals(again, losses);
  },
);

/** 1, 2, 3 and so on. */
const counting = (shape: number[]) =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i + 1),
    shape,
  );

for (const format of ["NHWC", "NCHW"] as const) {
  webgpuTest(
    `gradients of a convolution that was rounded up go by the size of dy (${format})`,
    async () => {
      registerWebgpuTrainingKernels();
      await tf.setBackend("webgpu");
      const inOrder = (n: number) =>
        format === "NHWC" ? [1, n, n, 1] : [1, 1, n, n];
      const gradients = tf.tidy(() =>
        tf.grads((x, filter) =>
          tf.conv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            2,
            0,
            format,
            1,
            "ceil",
          )
        )([counting(inOrder(4)), tf.ones([1, 1, 1, 1])], counting(inOrder(3)))
      );
      const [dx, dk] = await Promise.all(
        gradients.map((gradient) => gradient.data()),
      );
      tf.dispose(gradients);
      assertEquals([...dx!], [1, 0, 2, 0, 0, 0, 0, 0, 4, 0, 5, 0, 0, 0, 0, 0]);
      assertEquals([...dk!], [98]);
    },
  );
}

webgpuTest(
  "gradients of pooling that was rounded up go by the size of dy",
  async () => {
    registerWebgpuTrainingKernels();
    await tf.setBackend("webgpu");
    const gradients = tf.tidy(() =>
      ([tf.maxPool, tf.avgPool] as (typeof tf.maxPool)[]).map((pool) =>
        tf.grad((x) => pool(x as tf.Tensor4D, 1, 2, 0, "ceil"))(
          counting([1, 4, 4, 1]),
          counting([1, 3, 3, 1]),
        )
      )
    );
    for (const gradient of gradients) {
      const values = [...await gradient.data()];
      assertEquals(values.filter((value) => value !== 0), [1, 2, 4, 5]);
    }
    tf.dispose(gradients);
  },
);

webgpuTest(
  "the gradient of a dilated convolution is that of spread taps",
  async () => {
    registerWebgpuTrainingKernels();
    await tf.setBackend("webgpu");
    const gradients = tf.tidy(() =>
      tf.grads((x, filter) =>
        tf.conv2d(
          x as tf.Tensor4D,
          filter as tf.Tensor4D,
          1,
          "valid",
          "NHWC",
          2,
        )
      )([counting([1, 5, 5, 1]), counting([3, 3, 1, 1])])
    );
    const [dx, dk] = await Promise.all(
      gradients.map((gradient) => gradient.data()),
    );
    tf.dispose(gradients);
    assertEquals([...dk!], [1, 3, 5, 11, 13, 15, 21, 23, 25]);
    assertEquals([...dx!].filter((value) => value !== 0), [
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
    ]);
  },
);

webgpuTest("a product of a matrix and a vector is refused", async () => {
  registerWebgpuTrainingKernels();
  await tf.setBackend("webgpu");
  let message = "";
  try {
    tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3])));
  } catch (error) {
    message = String(error);
  }
  assert(message.includes("at least rank 2"), message);
});
