import "../../src/core/require_long.ts";
import * as tf from "@tensorflow/tfjs";
import type { OpenPeer } from "./peer.ts";
import { input, type Problem, sgd } from "./problem.ts";
import { fileURLToPath } from "node:url";

/** Steps by TensorFlow.js with its own kernels and its own optimizer. */
export function openTfjs(backend: "cpu" | "wasm" | "webgpu"): OpenPeer {
  return async (problem) => {
    await useOfficial(backend);
    const { batch } = problem;
    const images = tf.tensor4d(problem.pixels, [batch, ...input.shape]);
    const labels = tf.tensor2d(problem.labels, [batch, input.classes]);
    const weights = problem.parameters.map(({ values, shape }) =>
      tf.variable(tf.tensor(values, [...shape]))
    );
    const optimizer = tf.train.momentum(sgd.learningRate, sgd.momentum);
    const meanLoss = () =>
      tf.losses.softmaxCrossEntropy(
        labels,
        logits(problem, { images, weights }),
      ) as tf.Scalar;
    let loss: tf.Scalar | undefined;
    return {
      async step() {
        loss?.dispose();
        loss = optimizer.minimize(meanLoss, true, weights)!;
        await settle();
      },
      loss: async () => (await loss!.data())[0]!,
    };
  };
}

function logits(
  { network }: Problem,
  { images, weights }: { images: tf.Tensor4D; weights: readonly tf.Variable[] },
): tf.Tensor2D {
  const left = [...weights];
  const next = <T extends tf.Tensor>() => left.shift() as tf.Tensor as T;
  return tf.tidy(() => {
    let x: tf.Tensor = images;
    for (const layer of network.layers) {
      switch (layer.type) {
        case "scale":
          x = x.mul(layer.factor).add(layer.offset);
          break;
        case "conv":
          x = tf.conv2d(x as tf.Tensor4D, next<tf.Tensor4D>(), 1, "same")
            .add(next());
          break;
        case "relu":
          x = x.relu();
          break;
        case "maxPool":
          x = tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
          break;
        case "flatten":
          x = x.reshape([x.shape[0]!, -1]);
          break;
        case "dense":
          x = tf.matMul(x as tf.Tensor2D, next<tf.Tensor2D>()).add(next());
          break;
        default:
          throw new RangeError(`${layer.type} is not written for this library`);
      }
    }
    return x as tf.Tensor2D;
  });
}

/** Opens a backend of TensorFlow.js without our kernels. */
async function useOfficial(backend: "cpu" | "wasm" | "webgpu"): Promise<void> {
  tf.enableProdMode();
  if (backend === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const main = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(fileURLToPath(new URL(".", main)));
  } else if (backend === "webgpu") {
    await import("@tensorflow/tfjs-backend-webgpu");
  }
  if (!await tf.setBackend(backend)) {
    throw new Error(`TensorFlow.js cannot open ${backend}`);
  }
  await tf.ready();
}

/** Waits until the backend has done what it was given. */
async function settle(): Promise<void> {
  const last = tf.tidy(() => tf.neg(tf.scalar(1)));
  await last.data();
  last.dispose();
}
