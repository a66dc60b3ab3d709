import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { memoryOf, moduleOf } from "../../../src/kernels/wasm/kernel_host.ts";
import { slowTest } from "../../slow.ts";
import { useWasm } from "../wasm/_wasm.ts";
import { draw } from "./ordinary_model.ts";
import { ordinaryModels } from "./ordinary_models.ts";

const heapBytes = () => memoryOf(moduleOf(tf.backend())).buffer.byteLength;

/** Tensors, their buffers in either backend, and bytes of the heap. */
const usage = () => ({
  tensors: tf.memory().numTensors,
  buffers: tf.memory().numDataBuffers,
  onCpu: tf.findBackend("cpu").numDataIds(),
  heapBytes: heapBytes(),
});

/** Models that between them use every kernel of ours and every corrected one. */
const models = [
  "attention layer",
  "autoencoder with transposed convolution",
  "causal conv1d, dilations 1, 2 and 4",
  "conv2d, channels first",
  "conv3d, maxPooling3d",
  "depthwiseConv2d 3,1, stride 2, same",
  "embedding, mask, simpleRNN",
  "gradient penalty of a convolution",
  "MobileNet v2 block",
  "morphology (dilation2d)",
  "residual block, stride 2",
  "U-Net",
];

for (const name of models) {
  slowTest(
    `wasm: 500 steps of ${name} keep no tensor and no memory`,
    async () => {
      await useWasm();
      const training = ordinaryModels.find((model) => model.name === name)!
        .start();
      for (let i = 0; i < 20; i++) await training.step();
      const before = usage();
      for (let i = 0; i < 480; i++) await training.step();
      assertEquals(usage(), before);
      training.dispose();
    },
  );
}

/** Loss and gradients of a small network, each size anew. */
function stepOf(seed: number): void {
  const size = (least: number, spread: number, prime: number) =>
    least + (seed * prime) % spread;
  const shape = [
    size(1, 5, 7),
    size(6, 11, 13),
    size(6, 10, 17),
    size(1, 9, 19),
  ];
  const channels = shape[3]!;
  const filters = size(1, 17, 23);
  tf.tidy(() => {
    const gradients = tf.grads((x, full, each) => {
      const y = tf.relu(
        tf.conv2d(x as tf.Tensor4D, full as tf.Tensor4D, 1, "same"),
      );
      const z = tf.depthwiseConv2d(
        y as tf.Tensor4D,
        each as tf.Tensor4D,
        2,
        "same",
      );
      const pooled = tf.maxPool(z as tf.Tensor4D, 2, 2, "same");
      const flat = tf.reshape(pooled, [shape[0]!, -1]);
      return tf.sum(tf.square(tf.matMul(flat, flat, true)));
    });
    gradients([
      draw(shape, seed),
      draw([3, 3, channels, filters], seed),
      draw([3, 2, filters, 1], seed),
    ]);
  });
}

slowTest(
  "wasm: 500 steps of changing shapes keep no tensor and no memory",
  async () => {
    await useWasm();
    const shapes = 500;
    // The largest sizes come within the first hundred.
    for (let seed = 0; seed < 100; seed++) stepOf(seed);
    const before = usage();
    for (let seed = 100; seed < 100 + shapes; seed++) stepOf(seed);
    const after = usage();
    assert(before.heapBytes > 0);
    assertEquals(after, before);
  },
);
