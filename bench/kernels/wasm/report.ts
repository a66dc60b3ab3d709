/**
 * Prints, as a Markdown table, the rate of each kernel of a training step, as a
 * share of the peak of this machine, and the time of the official kernel. Rates
 * count the operations of the direct sum, so those of Winograd's algorithm may
 * exceed the peak. A second table has the kernels that memory limits: the bytes
 * that they read and write over the bandwidth of this machine, and the shortest
 * time. The argument `layers` prints it alone.
 *
 * @module
 */
import {
  callKernel,
  hasOfficial,
  type KernelCase,
  listCases,
  listLayerCases,
  openWasm,
} from "./_cases.ts";
import { compilePeak } from "./_peak.ts";

const RUNS = 9;
const WARMUP = 20;

/** The median time of several runs, in milliseconds. */
function median(runs: number, run: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return times[runs >> 1]!;
}

/** The shortest time of several runs, in milliseconds. */
function shortest(runs: number, run: () => void): number {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    run();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

const ours = (one: KernelCase) => () =>
  callKernel(one.kernel, one, { stock: false });

async function printProducts(): Promise<void> {
  const { run, operations } = await compilePeak();
  const rounds = 1e7;
  const peak = operations * rounds / median(RUNS, () => run(rounds)) / 1e6;
  console.log(`Peak in registers: ${peak.toFixed(1)} GFLOP/s\n`);
  console.log("| kernel, batch 128 | ms | GFLOP/s | of peak | official, ms |");
  console.log("| --- | --- | --- | --- | --- |");
  for (
    const one of [
      ...listCases("standard", [16, 32, 128]),
      ...listCases("adversarial", [32, 64, 256]),
    ]
  ) {
    const callOfficial = () =>
      one.official.forEach((name) => callKernel(name, one, { stock: true }));
    for (let i = 0; i < WARMUP; i++) ours(one)();
    const ms = median(RUNS, ours(one));
    const rate = one.operations / ms / 1e6;
    let official = "none";
    if (one.official.every(hasOfficial)) {
      callOfficial();
      official = median(3, callOfficial).toFixed(1);
    }
    console.log(
      `| ${one.name} | ${ms.toFixed(2)} | ${rate.toFixed(1)} | ${
        (100 * rate / peak).toFixed(0)
      } % | ${official} |`,
    );
  }
}

/** Kernels that do little with each number: memory is their limit. */
function printLayers(): void {
  const [from, to] = [0, 1].map(() => new Uint8Array(32e6).fill(1));
  const copy = shortest(20, () => to!.set(from!));
  const bandwidth = 2 * from!.length / copy / 1e6;
  console.log(`Bandwidth of a copy: ${bandwidth.toFixed(1)} GB/s\n`);
  console.log("| kernel, batch 128 | MB | predicted, ms | ms | GB/s |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const one of listLayerCases()) {
    for (let i = 0; i < WARMUP; i++) ours(one)();
    const ms = shortest(30, ours(one));
    const predicted = one.bytes / bandwidth / 1e6;
    const rate = one.bytes / ms / 1e6;
    console.log(
      `| ${one.name} | ${(one.bytes / 1e6).toFixed(1)} | ${
        predicted.toFixed(2)
      } | ${ms.toFixed(2)} | ${rate.toFixed(1)} |`,
    );
  }
}

if (import.meta.main) {
  await openWasm();
  if (!Deno.args.includes("layers")) await printProducts();
  printLayers();
}
