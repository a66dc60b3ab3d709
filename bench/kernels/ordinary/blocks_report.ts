/**
 * Prints, as a Markdown table, what training steps take processors with our kernels and
 * in PyTorch on one thread, by turns. It needs `python3` with PyTorch.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { registerTrainingKernels } from "../../../src/kernels/wasm/mod.ts";
import { blocks, startBlock } from "./blocks.ts";
import { timeByTurns } from "./by_turns.ts";
import { fileURLToPath } from "node:url";

/** PyTorch in a process of its own, which answers line by line. */
function startTorch() {
  const process = new Deno.Command("/usr/bin/python3", {
    args: [fileURLToPath(new URL("./blocks.py", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    env: {
      OMP_NUM_THREADS: "1",
      OPENBLAS_NUM_THREADS: "1",
      // It keeps its memory: page faults are slow on virtual machines.
      MALLOC_MMAP_MAX_: "0",
      MALLOC_TRIM_THRESHOLD_: "20000000000",
    },
  }).spawn();
  const chunks = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const requests = process.stdin.getWriter();
  return {
    async step(name: string): Promise<number> {
      await requests.write(new TextEncoder().encode(`${name}\n`));
      let answer = "";
      // A line may come in two parts.
      while (!answer.endsWith("\n")) answer += (await chunks.read()).value;
      return Number(answer);
    },
    async stop() {
      await requests.close();
      await process.status;
    },
  };
}

if (import.meta.main) {
  await registerTrainingKernels();
  await tf.setBackend("wasm");
  const torch = startTorch();
  console.log("| training step | ours, ms | PyTorch, ms | ratio |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const name of Object.keys(blocks)) {
    const { first, second, ratio } = await timeByTurns([
      startBlock(name),
      () => torch.step(name),
    ], { turns: 21, warmup: 8 });
    console.log(
      `| ${name} | ${first.toFixed(1)} | ${second.toFixed(1)} | ${
        ratio.toFixed(2)
      } |`,
    );
  }
  await torch.stop();
}
