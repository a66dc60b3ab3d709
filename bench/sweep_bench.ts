/**
 * A whole sweep, from study to result set, on every backend that is fast enough.
 * Each call is complete: a fresh folder, so that no journal is found, a fresh
 * worker, every cell, and the file written. The file of the last call is then
 * kept as `results/bench-BACKEND.json`: accuracies, digests and epoch times, as
 * `sweep` writes them. That is what `compare` reads.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { writeFileAtomically } from "../src/results/write_file.ts";
import type { Study } from "../src/study/study.ts";
import { parseStudy } from "../src/study/study.ts";
import { runSweep } from "../src/sweep/run_sweep.ts";
import { backends, benchOn } from "./_bench.ts";

/** Six cells; five epochs, so that the four behind the first give intervals. */
const study = parseStudy({
  name: "bench",
  description:
    "What duplicates cost and change, small enough to be run by every deno bench.",
  limitTrain: 200,
  limitTest: 200,
  model: ["published-standard"],
  training: ["standard", "adversarial"],
  ratios: [0, 0.5, 1],
  budget: ["epochs"],
  seeds: [1],
  epochs: 5,
  batch: 32,
  optimizer: "adam",
  augment: "none",
  trainSteps: 3,
  attacks: ["fgsm", "pgd-10"],
});

const results = fileURLToPath(new URL("../results/", import.meta.url));

for (const backend of backends) {
  const digests = new Set<string>();
  benchOn(backend, {
    group: "sweep of 6 cells, 5 epochs of 200 to 400 images",
    name: backend,
    baseline: backend === "wasm",
    n: 1,
    tooSlow: backend === "cpu" ? "hours" : undefined,
    async run(clock) {
      const named: Study = { ...study, backend };
      const folder = await Deno.makeTempDir();
      try {
        const out = `${folder}/bench-${backend}.json`;
        clock.start();
        // One cell at a time: cells side by side would slow each other down.
        const end = await runSweep(named, { out, jobs: 1, command: ["bench"] });
        clock.end();
        if (end.status !== "complete") {
          throw new Error(`the sweep ended as ${end.status}`);
        }
        digests.add(end.set.digest);
        if (digests.size > 1) {
          throw new Error("two sweeps of one study have different digests");
        }
        await writeFileAtomically(
          `${results}bench-${backend}.json`,
          await Deno.readFile(out),
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
