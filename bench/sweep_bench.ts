/**
 * A whole sweep, from study to result set, on every backend that is fast enough:
 * a fresh worker, every cell, evaluation, and the file written. What the last
 * call wrote stays as `results/local/bench-BACKEND.json`: accuracies, digests and the
 * time of every epoch, as `sweep` writes them and `compare` reads them.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { journalPath } from "../src/results/journal.ts";
import { parseStudy } from "../src/spec/study.ts";
import { runSweep } from "../src/sweep/run_sweep.ts";
import { backends, benchOn } from "./_bench.ts";

for (const backend of backends) {
  /** Six cells; five epochs, so that the four behind the first give intervals. */
  const study = parseStudy({
    name: "bench",
    description:
      "What duplicates cost and change, small enough to be run by every deno bench.",
    limitTrain: 200,
    limitTest: 200,
    training: ["standard", "adversarial"],
    ratios: [0, 0.5, 1],
    budget: ["epochs"],
    epochs: 5,
    batch: 32,
    optimizer: "adam",
    augment: "none",
    trainSteps: 3,
    backend,
  });
  const out = fileURLToPath(
    new URL(`../results/local/bench-${backend}.json`, import.meta.url),
  );
  const digests = new Set<string>();
  benchOn(backend, {
    group: "sweep of 6 cells, 5 epochs of 200 to 400 images",
    name: backend,
    baseline: backend === "wasm",
    n: 1,
    tooSlow: backend === "cpu" ? "hours" : undefined,
    async run(clock) {
      // What a killed run left over would make this one shorter.
      await Deno.remove(journalPath(out)).catch(() => {});
      clock.start();
      // One cell at a time: cells side by side would slow each other down.
      const end = await runSweep(study, { out, jobs: 1, command: ["bench"] });
      clock.end();
      if (end.status !== "complete") {
        throw new Error(`the sweep ended as ${end.status}`);
      }
      digests.add(end.set.digest);
      if (digests.size > 1) {
        throw new Error("two sweeps of one study have different digests");
      }
    },
  });
}
