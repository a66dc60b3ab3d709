/**
 * Trains a network with our kernels and prints its losses, or the message of the
 * error that registration throws. Argument: `plain` for the official build without
 * SIMD.
 */
import * as tf from "@tensorflow/tfjs";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";
import { drawTensor } from "./_wasm.ts";

if (import.meta.main) {
  if (Deno.args[0] === "plain") tf.env().set("WASM_HAS_SIMD_SUPPORT", false);
  try {
    await registerTrainingKernels();
    await tf.setBackend("wasm");
    console.log(JSON.stringify(await train()));
  } catch (error) {
    console.log((error as Error).message);
  }
}

async function train(): Promise<number[]> {
  const { layers } = tf;
  const kernelInitializer = tf.initializers.randomUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [8, 8, 3],
        ...{ filters: 4, kernelSize: 3, kernelInitializer },
      }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ units: 2, kernelInitializer }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const [x, y] = [drawTensor([4, 8, 8, 3], 1), drawTensor([4, 2], 2)];
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    losses.push(await model.trainOnBatch(x, y) as number);
  }
  return losses;
}
