import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { unpackBits } from "../../src/results/bit_string.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { packageVersions, version } from "../../src/results/versions.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { sampleCells } from "../../src/verify/sample_cells.ts";
import {
  type VerifyOptions,
  verifyResultSet,
} from "../../src/verify/verify_result_set.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { cellOf, edited, flipBit, forged, testOf } from "./_frozen.ts";

const verify = (set: ResultSet, options: Partial<VerifyOptions> = {}) =>
  verifyResultSet(set, { cells: "all", seed: 1, ...options });

/** Options that run the first so many cells again, of four. */
function first(count: number): Pick<VerifyOptions, "cells" | "seed"> {
  for (let seed = 0;; seed++) {
    const options = { cells: count, seed };
    const drawn = sampleCells(edited(), options).map(({ id }) => id);
    const wanted = edited().cells.slice(0, count).map(({ id }) => id);
    if (drawn.every((id) => wanted.includes(id))) return options;
  }
}

/**
 * Adds one image to those that a cell has right, in count, class and bits, so
 * that all of the file agrees.
 */
async function raiseAccuracy(set: ResultSet): Promise<void> {
  const { test } = await loadDataset("cifar10-mini", {
    limitTrain: 60,
    limitTest: 20,
  });
  const { clean, rows } = testOf(set);
  const image = unpackBits(clean.bits, rows).indexOf(false);
  clean.bits = flipBit(clean.bits, image);
  clean.correct++;
  clean.correctPerClass[test.labels[image]!]!++;
  set.digest = digestResultSet(set);
}

Deno.test("verifyResultSet() repeats every cell of a result set of version 1 bit for bit, on any machine", async () => {
  const set = edited();
  assertEquals(await verify(set, { jobs: 2 }), {
    faults: [],
    notes: [],
    repeated: set.cells.map(({ id }) => id),
    identical: 4,
    notRun: [],
    interrupted: false,
  });
});

Deno.test("verifyResultSet() finds an accuracy that was forged consistently, digest included, by a run and by nothing else", async () => {
  const set = edited();
  await raiseAccuracy(set);
  assertEquals(checkResultSet(set).faults, []);
  assertEquals((await verify(set, { cells: 0 })).faults, []);
  const { id } = cellOf(set);
  const { faults, notes, repeated, identical } = await verify(set, first(1));
  assertEquals(faults, [
    `cell ${id}: outcome.test.clean.correct: expected 4 as recorded, got 3 when run again`,
  ]);
  assertEquals([notes, repeated, identical], [[], [id], 0]);
});

Deno.test("verifyResultSet() finds outcomes that two cells swapped, and lists cells in the order of the set", async () => {
  const set = forged((set) => {
    const [a, b] = [cellOf(set, 0), cellOf(set, 1)];
    [a.outcome, b.outcome] = [b.outcome, a.outcome];
    [a.timing, b.timing] = [b.timing, a.timing];
  });
  const { faults, identical } = await verify(set, first(2));
  assertEquals(identical, 0);
  assertEquals(
    faults,
    [0, 1].map((at) => {
      const loss = (set: ResultSet) => cellOf(set, at).outcome.epochs[0]!.loss;
      return `cell ${set.cells[at]!.id}: outcome.epochs.0.loss: expected ${
        loss(set)
      } as recorded, got ${loss(edited())} when run again`;
    }),
  );
});

Deno.test("verifyResultSet() says where a data set is another than the recorded", async () => {
  const { dataset } = edited();
  const { faults, repeated } = await verify(forged((set) => {
    set.dataset.sha256 = "0".repeat(64);
  }));
  assertEquals(repeated, []);
  assertEquals(faults, [
    `dataset.sha256: expected "${"0".repeat(59)}… as recorded, got "${
      dataset.sha256.slice(0, 59)
    }… of the "cifar10-mini" here`,
  ]);
});

Deno.test("verifyResultSet() reports a cell that failed, and runs the others", async () => {
  const set = forged((set) => {
    const { id, config } = set.cells[0]!;
    set.cells[0] = { id, config, status: "failed", error: "out of memory" };
  });
  set.provenance.deno = "2.0.0";
  const { faults, notes, repeated, identical } = await verify(set, {
    cells: 1,
  });
  assertEquals(faults, [
    `cell ${
      set.cells[0]!.id
    } failed when it was recorded, so it cannot be compared: out of memory`,
  ]);
  assertEquals([repeated.length, identical], [1, 1]);
  // Another version that gives the same bits is not worth a word.
  assertEquals(notes, []);
});

Deno.test("verifyResultSet() holds WebAssembly to the last bit whatever the tolerance, and names other versions, of merged sets those of each part", async () => {
  const set = forged((set) => {
    const { provenance, digest } = set;
    const packages = { ...provenance.packages, "@tensorflow/tfjs": "4.0.0" };
    set.parts = [
      { digest, provenance: { ...provenance, packages, dupbench: "0.0.1" } },
      { digest, provenance: { ...provenance, deno: "2.0.0" } },
    ];
    cellOf(set).outcome.epochs[1]!.loss += 1e-12;
  });
  const { faults, notes } = await verify(set, { ...first(1), tolerance: 1 });
  assertEquals(faults.length, 1);
  assertMatch(faults[0]!, /outcome\.epochs\.1\.loss: expected /);
  assertEquals(notes, [
    "a tolerance applies to WebGPU cells only: these ran on wasm, where results are equal bit for bit on every machine",
    `recorded with other versions, which may be the cause: dupbench 0.0.1 (here ${version}), @tensorflow/tfjs 4.0.0 (here ${
      packageVersions()["@tensorflow/tfjs"]
    }), Deno 2.0.0 (here Deno ${Deno.version.deno})`,
  ]);
});

Deno.test("verifyResultSet() that is interrupted says so, and counts what it had run", async () => {
  const stop = new AbortController();
  const { interrupted, repeated, identical, faults } = await verify(edited(), {
    jobs: 1,
    signal: stop.signal,
    listener: { onFinished: () => stop.abort() },
  });
  assert(interrupted);
  assertEquals([repeated.length, identical, faults.length], [1, 1, 0]);
});

webgpuTest(
  "verifyResultSet() repeats cells bit for bit on one adapter, and within the tolerance elsewhere",
  () =>
    inFolder(async (folder) => {
      const study = parseStudy({
        name: "tiny-webgpu",
        limitTrain: 20,
        limitTest: 20,
        ratios: [0],
        epochs: 1,
        batch: 10,
        attacks: ["fgsm"],
        backend: "webgpu",
      });
      const end = await runSweep(study, { out: `${folder}/a.json`, jobs: 1 });
      assert(end.status === "complete");
      const recorded = end.set;
      assertEquals((await verify(recorded)).identical, 1);

      // As on another adapter: one image of twenty is right here, not there.
      const set = structuredClone(recorded);
      set.provenance.backend = { adapter: { description: "another" } };
      await raiseAccuracy(set);
      // Bit for bit it cannot be compared here, which is said before a cell runs.
      const strict = await assertRejects(() => verify(set), UsageError);
      assertStringIncludes(strict.message, 'adapter "another"');
      assertStringIncludes(strict.message, '"tolerance"');
      const loose = await verify(set, { tolerance: 0.05 });
      assertEquals([loose.faults, loose.identical], [[], 0]);
      assertMatch(
        loose.notes[0]!,
        /outcome\.test\.clean\.correct: .*; all within the tolerance 0\.05$/,
      );
    }),
  { isSlow: true },
);

Deno.test("verifyResultSet() runs the cheapest of its cells first, and tells what came of each", async () => {
  const set = edited();
  const planned: Map<string, number>[] = [];
  const told: string[] = [];
  const { repeated } = await verify(set, {
    cells: "all",
    seed: 1,
    jobs: 1,
    listener: { onPlanned: ({ costs }) => void planned.push(new Map(costs)) },
    onCompared: (id, comparison) => {
      assertEquals(comparison, {});
      told.push(id);
    },
  });
  const costs = told.map((id) => planned[0]!.get(id)!);
  assertEquals(costs, [...costs].sort((a, b) => a - b));
  assert(costs[0]! < costs.at(-1)!);
  assertEquals([...told].sort(), [...repeated].sort());
});
