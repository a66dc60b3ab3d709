/**
 * Prints, as a Markdown table, the times of forward passes with our kernels and
 * with the official ones, by turns. Arguments: words that names must hold.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";
import { timeByTurns, timed } from "./by_turns.ts";
import { type ForwardCase, listForwardCases } from "./forward_cases.ts";

const official = new Map(
  tf.getKernelsForBackend("wasm").map((config) => [config.kernelName, config]),
);

/** Runs a kernel and frees its result. */
function call(
  config: tf.KernelConfig,
  { inputs, attrs }: ForwardCase,
): void {
  const backend = tf.backend();
  const made = config.kernelFunc({ inputs, attrs, backend });
  for (const { dataId } of [made].flat()) backend.disposeData(dataId);
}

if (import.meta.main) {
  await registerTrainingKernels();
  await tf.setBackend("wasm");
  console.log("| forward, batch 16 | ours, ms | official, ms | ratio |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const one of listForwardCases()) {
    if (!Deno.args.every((word) => one.name.includes(word))) continue;
    const { first, second, ratio } = await timeByTurns([
      timed(() => call(tf.getKernel(one.kernel, "wasm")!, one)),
      timed(() => call(official.get(one.kernel)!, one)),
    ], { turns: 31, warmup: 20 });
    console.log(
      `| ${one.name} | ${first.toFixed(2)} | ${second.toFixed(2)} | ${
        ratio.toFixed(2)
      } |`,
    );
  }
}
