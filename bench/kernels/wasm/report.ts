/**
 * Prints, as a Markdown table, the rate of each kernel of a training step, as a
 * share of the peak of this machine, and the time of the official kernel. Rates
 * count the operations of the direct sum, so those of Winograd's algorithm may
 * exceed the peak.
 *
 * @module
 */
import { callKernel, hasOfficial, listCases, openWasm } from "./_cases.ts";
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

if (import.meta.main) {
  const { run, operations } = await compilePeak();
  const rounds = 1e7;
  const peak = operations * rounds / median(RUNS, () => run(rounds)) / 1e6;
  await openWasm();
  console.log(`Peak in registers: ${peak.toFixed(1)} GFLOP/s\n`);
  console.log("| kernel, batch 128 | ms | GFLOP/s | of peak | official, ms |");
  console.log("| --- | --- | --- | --- | --- |");
  for (
    const one of [
      ...listCases("standard", [16, 32, 128]),
      ...listCases("adversarial", [32, 64, 256]),
    ]
  ) {
    const call = (stock: boolean) => () =>
      (stock ? one.official : [one.kernel]).forEach((name) =>
        callKernel(name, one, { stock })
      );
    for (let i = 0; i < WARMUP; i++) call(false)();
    const ours = median(RUNS, call(false));
    const rate = one.operations / ours / 1e6;
    let official = "none";
    if (one.official.every(hasOfficial)) {
      call(true)();
      official = median(3, call(true)).toFixed(1);
    }
    console.log(
      `| ${one.name} | ${ours.toFixed(2)} | ${rate.toFixed(1)} | ${
        (100 * rate / peak).toFixed(0)
      } % | ${official} |`,
    );
  }
}
