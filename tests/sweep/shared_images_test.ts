import { assert, assertEquals } from "@std/assert";
import { parseStudy } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { writeTwins } from "../data/_twins.ts";
import { inFolder } from "./tiny_sweep.ts";

Deno.test("wasm: runSweep() loads images once: its workers run when the files are gone", () =>
  inFolder(async (folder) => {
    const dataDir = `${folder}/images`;
    await Deno.mkdir(dataDir);
    await writeTwins(dataDir);
    const study = parseStudy({
      name: "gone",
      dataset: "folder",
      ratios: [0, 1],
      seeds: [0, 1],
      epochs: 1,
      batch: 16,
      attacks: ["fgsm"],
      standIn: ["copies", "fresh"],
      limitTrain: 40,
      backend: "wasm",
    });
    const here = await runSweep(study, { dataDir });
    assert(here.status === "complete");
    const workers = await runSweep(study, {
      dataDir,
      jobs: 2,
      listener: {
        onPlanned: () => Deno.removeSync(dataDir, { recursive: true }),
      },
    });
    assert(workers.status === "complete");
    assertEquals(workers.set.digest, here.set.digest);
  }));
