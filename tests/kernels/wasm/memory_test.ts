import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawTensor, useWasm } from "./_wasm.ts";

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
