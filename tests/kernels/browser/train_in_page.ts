/** What a page's user writes: registers the kernels, then `model.fit()`. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";

/** What came of it. */
export interface Trained {
  readonly isIsolated: boolean;
  /** Whether the official build in use is the one with threads. */
  readonly hasThreads: boolean;
  readonly losses: number[];
  /** Of all weights, to the bit. */
  readonly weightsHash: string;
  readonly error?: string;
}

/** FNV-1a of bytes. */
function hashOf(arrays: Float32Array[]): string {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
  }
  return hash.toString(16).padStart(8, "0");
}

/** The same numbers in every engine (Park and Miller 1988). */
function drawValues(size: number): Float32Array {
  let state = 7;
  return Float32Array.from({ length: size }, () => {
    state = state * 48271 % 2147483647;
    return state / 2147483647;
  });
}

/** Layers that use our kernels and official ones, in every pass. */
function buildModel(): tf.Sequential {
  const { layers } = tf;
  const model = tf.sequential();
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: 1 });
  model.add(layers.conv2d({
    inputShape: [16, 16, 3],
    filters: 8,
    kernelSize: 3,
    padding: "same",
    kernelInitializer: kernelInitializer(),
  }));
  model.add(layers.batchNormalization());
  model.add(layers.reLU());
  model.add(layers.depthwiseConv2d({
    kernelSize: 3,
    padding: "same",
    depthwiseInitializer: kernelInitializer(),
  }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d({
    filters: 16,
    kernelSize: 3,
    activation: "relu",
    kernelInitializer: kernelInitializer(),
  }));
  model.add(layers.flatten());
  model.add(layers.dense({
    units: 4,
    activation: "softmax",
    kernelInitializer: kernelInitializer(),
  }));
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "categoricalCrossentropy",
  });
  return model;
}

/** Trains on whichever build the backend chooses in this page. */
export async function trainInPage(): Promise<Trained> {
  await registerTrainingKernels();
  if (!await tf.setBackend("wasm")) throw new Error("No wasm backend");
  const backend = tf.backend() as unknown as {
    wasm: { wasmMemory?: WebAssembly.Memory };
  };
  const shared = backend.wasm.wasmMemory?.buffer;
  const model = buildModel();
  const x = tf.tensor4d(drawValues(32 * 16 * 16 * 3), [32, 16, 16, 3]);
  const labels = Array.from({ length: 32 }, (_, i) => i % 4);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), 4);
  const { history } = await model.fit(x, y, {
    batchSize: 8,
    epochs: 4,
    shuffle: false,
    verbose: 0,
  });
  const weights = await Promise.all(
    model.getWeights().map((weight) => weight.data() as Promise<Float32Array>),
  );
  return {
    isIsolated: (globalThis as { crossOriginIsolated?: boolean })
      .crossOriginIsolated === true,
    hasThreads: typeof SharedArrayBuffer !== "undefined" &&
      shared instanceof SharedArrayBuffer,
    losses: history.loss as number[],
    weightsHash: hashOf(weights),
  };
}
