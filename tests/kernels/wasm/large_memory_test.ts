import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  compileKernels,
  hostOf,
  moduleOf,
} from "../../../src/kernels/wasm/kernel_host.ts";
import { buildClassifier } from "../../../src/models/classifier.ts";
import { networks } from "../../../src/spec/networks.ts";
import { buildOptimizer } from "../../../src/train/optimizer.ts";
import { openSteps } from "../../../src/train/steps.ts";
import { drawBatch } from "../../plan/_batch.ts";
import { useWasm } from "./_wasm.ts";

/** Half of what WebAssembly can address. */
const HALF = 2 ** 31;

/** Runs a test while the lower half of the backend's memory is taken. */
async function inUpperHalf(run: () => void | Promise<void>): Promise<void> {
  await useWasm();
  const wasm = moduleOf(tf.backend());
  const taken = [wasm._malloc(HALF)];
  // What is left below, down to the smallest blocks.
  for (const size of [2 ** 20, 2 ** 14, 2 ** 8, 16]) {
    do taken.push(wasm._malloc(size)); while (taken.at(-1)! >>> 0 < HALF);
  }
  try {
    await run();
  } finally {
    taken.forEach((address) => wasm._free(address));
  }
}

/** The loss of two steps of training, by plans. */
async function trainSteps(): Promise<Float32Array> {
  const { network } = networks["resnet-20"];
  const input = { shape: [8, 8, 3] as const, classes: 3 };
  const classifier = buildClassifier(network, { input, seed: 1 });
  const optimizer = buildOptimizer(
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
    classifier.weights,
  );
  const steps = openSteps({ classifier, optimizer });
  steps.beginEpoch(2);
  for (const step of [0, 1]) {
    steps.load(drawBatch(classifier, { rows: 4, step }));
    steps.update(0.1);
  }
  const losses = await steps.readLosses();
  steps.dispose();
  optimizer.dispose();
  classifier.dispose();
  return losses;
}

Deno.test("wasm: training takes the same steps in memory above 2 GiB", async () => {
  await useWasm();
  const expected = await trainSteps();
  assert(expected.every(Number.isFinite));
  await inUpperHalf(async () => assertEquals(await trainSteps(), expected));
});

/** A backend of its own, whose memory no other test needs. */
async function openOwn() {
  await useWasm();
  const backend = await tf.findBackendFactory("wasm")() as BackendWasm;
  const host = hostOf(backend, await compileKernels());
  return { backend, host, wasm: moduleOf(backend) };
}

function assertRefused(make: () => unknown, bytes: number) {
  assertThrows(
    make,
    RangeError,
    `The wasm backend has no memory left for ${bytes} bytes`,
  );
}

Deno.test("wasm: what does not fit into memory is refused, and the rest can still be used", async () => {
  const { backend, host, wasm } = await openOwn();
  wasm._malloc(HALF);
  const more = HALF / 4 - 2 ** 10;
  assertRefused(() => host.output([more]), 4 * more);
  assertRefused(() => host.scratch(4 * more), 4 * more + 16);
  // As many bytes as a size of 32 bits cannot hold.
  assertRefused(() => host.output([2 ** 30 + 250]), 2 ** 32 + 1000);
  // TensorFlow.js's own kernels and uploads.
  assertRefused(() => backend.makeOutput([more], "float32"), 4 * more);
  assert(host.address(host.output([1000])) > HALF);
  assert(host.address(host.output([0])) > 0);
});

Deno.test("wasm: a block that would end beyond the memory is refused, and all after it", async () => {
  const { host, wasm } = await openOwn();
  wasm._malloc(HALF);
  wasm._free(wasm._malloc(2 ** 20));
  const more = HALF / 4 + 2 ** 20;
  assertRefused(() => host.output([more]), 4 * more);
  assertRefused(() => host.output([1]), 4);
});
