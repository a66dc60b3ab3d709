import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { describeProvenance } from "../../src/report/describe_provenance.ts";
import { activitiesOf } from "../../src/results/activities_of.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { journalPath } from "../../src/results/journal.ts";
import { provenancesOf, runsByCell } from "../../src/results/provenances_of.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { digestResultSet } from "../../src/results/result_set.ts";
import { parseStudy } from "../../src/spec/study.ts";
import {
  runSweep,
  type SweepOptions,
  type SweepPlan,
} from "../../src/sweep/run_sweep.ts";
import { inFolder } from "./tiny_sweep.ts";
import type { SweepEstimate } from "../../src/sweep/sweep_estimate.ts";

const study = parseStudy({
  name: "in-memory",
  limitTrain: 60,
  limitTest: 20,
  ratios: [0, 1],
  seeds: [0, 1],
  epochs: 2,
  batch: 16,
  attacks: ["fgsm"],
  backend: "wasm",
});

/** What a library user without write access and child processes has. */
const permissions = {
  read: true,
  env: true,
  sys: true,
  write: false,
  run: false,
  net: false,
} as const;

async function runInMemory() {
  let plan: SweepPlan | undefined;
  const finished: string[] = [];
  const end = await runSweep(study, {
    listener: {
      onPlanned: (planned) => plan = planned,
      onFinished: ({ id }) => finished.push(id),
    },
  });
  assert(end.status === "complete");
  return { set: end.set, plan: plan!, finished };
}

let inMemory: ReturnType<typeof runInMemory> | undefined;

Deno.test({
  name:
    "wasm: runSweep() without a file or jobs returns the result set with no permission to write or to run",
  permissions,
  async fn() {
    const { set, plan, finished } = await (inMemory ??= runInMemory());
    assertEquals(set.digest, digestResultSet(set));
    assertEquals(set.cells.map(({ status }) => status), [
      "finished",
      "finished",
      "finished",
      "finished",
    ]);
    assertEquals(finished, plan.cells.map(({ id }) => id));
    assertEquals(plan.journal, undefined);
    assertEquals(set.provenance.jobs, 1);
  },
});

Deno.test({
  name:
    "runSweep() with jobs says which permission it needs, where it may not run Deno",
  permissions,
  async fn() {
    await assertRejects(
      () => runSweep(study, { jobs: 2 }),
      UsageError,
      "Worker processes need the permission --allow-run=deno",
    );
  },
});

Deno.test("wasm: runSweep() has the same digest in memory, in a file, in workers, and after an interruption", async () => {
  const { set } = await (inMemory ??= runInMemory());
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/sub/out.json`;
    const stop = new AbortController();
    const interrupted = await runSweep(study, {
      out,
      signal: stop.signal,
      listener: { onFinished: () => stop.abort() },
    });
    assertEquals(interrupted, {
      status: "interrupted",
      finished: 1,
      cells: 4,
    });
    assert((await Deno.stat(journalPath(out))).isFile);
    const done: number[] = [];
    const resumed = await runSweep(study, {
      out,
      listener: { onPlanned: (plan) => done.push(plan.done.size) },
    });
    assertEquals(done, [1]);
    assert(resumed.status === "complete");
    assertEquals(resumed.set.digest, set.digest);
    assertEquals((await readResultSet(out)).digest, set.digest);
    const files = [...Deno.readDirSync(`${folder}/sub`)];
    assertEquals(files.map(({ name }) => name), ["out.json"]);

    const workers = await runSweep(study, { jobs: 2 });
    assert(workers.status === "complete");
    assertEquals(workers.set.digest, set.digest);
    assertEquals(workers.set.provenance.jobs, 2);
    assertEquals(workers.set.provenance.backend, set.provenance.backend);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() that is resumed records which cells an interrupted run finished, and how these ran", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/out.json`;
    /** Runs the study until a number of cells are finished. */
    const runUntil = async (most: number, options: SweepOptions) => {
      const stop = new AbortController();
      const ran: string[] = [];
      const end = await runSweep(study, {
        ...options,
        out,
        signal: stop.signal,
        listener: {
          onFinished({ id }) {
            if (ran.push(id) === most) stop.abort();
          },
        },
      });
      return { end, ran };
    };
    const first = await runUntil(1, { command: ["sweep", "--jobs", "1"] });
    const second = await runUntil(1, { command: ["sweep", "--jobs", "1"] });
    const third = await runUntil(1, { command: ["sweep", "--jobs", "3"] });
    const last = await runUntil(Infinity, { command: ["sweep"], jobs: 1 });
    assert(last.end.status === "complete");
    const { set } = last.end;
    assertEquals(set.digest, (await (inMemory ??= runInMemory())).set.digest);
    assertEquals(
      set.resumed!.map(({ cells, run }) => [cells, run.command]),
      [
        [first.ran, ["sweep", "--jobs", "1"]],
        [second.ran, ["sweep", "--jobs", "1"]],
        [third.ran, ["sweep", "--jobs", "3"]],
      ],
    );
    const times = [
      ...set.resumed!.map(({ run }) => run.finishedAt),
      set.provenance.finishedAt,
    ];
    assertEquals(times, times.toSorted());
    assertEquals(new Set(times).size, 4);
    assertEquals(await readResultSet(out), set);
    assertEquals(checkResultSet(set).faults, []);
    assertEquals(provenancesOf(set), [
      set.provenance,
      ...set.resumed!.map(({ run }) => run),
    ]);
    const runs = runsByCell(set);
    assertEquals(
      set.cells.map(({ id }) => runs.get(id)!.map(({ command }) => command)),
      set.cells.map(({ id }) => [
        last.ran.includes(id)
          ? ["sweep"]
          : third.ran.includes(id)
          ? ["sweep", "--jobs", "3"]
          : ["sweep", "--jobs", "1"],
      ]),
    );
    const rows = new Map(describeProvenance(set, undefined));
    assertEquals(rows.get("cells before an interruption"), "1");
    assertEquals(
      activitiesOf(set).map(({ name }) => name),
      [
        "Sweep, interrupted run 1 of 3",
        "Sweep, interrupted run 2 of 3",
        "Sweep, interrupted run 3 of 3",
        "Sweep",
      ],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() that finds all cells in its journal, as after a kill before the set was written, records the run that finished them", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/out.json`;
    const journal = journalPath(out);
    let lines = "";
    const run = (command: string[]) =>
      runSweep(study, {
        out,
        command,
        listener: {
          onRan: () => lines = Deno.readTextFileSync(journal),
        },
      });
    const whole = await run(["sweep", "first"]);
    assert(whole.status === "complete");
    await Deno.remove(out);
    await Deno.writeTextFile(journal, lines);
    const again = await run(["sweep", "second"]);
    assert(again.status === "complete");
    const { finishedAt } = again.set.provenance;
    assert(finishedAt <= whole.set.provenance.finishedAt);
    assertEquals(again.set, {
      ...whole.set,
      provenance: { ...whole.set.provenance, finishedAt },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() exports all cells or refuses: those of an interrupted sweep must have been exported", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const begin = async (out: string, exportDir?: string) => {
      const stop = new AbortController();
      const { status } = await runSweep(study, {
        out,
        exportDir,
        signal: stop.signal,
        listener: { onFinished: () => stop.abort() },
      });
      assertEquals(status, "interrupted");
    };
    const exportDir = `${folder}/weights`;
    const bare = `${folder}/bare.json`;
    await begin(bare);
    const journal = await Deno.readTextFile(journalPath(bare));
    const error = await assertRejects(
      () => runSweep(study, { out: bare, exportDir }),
      UsageError,
      "lacks those of 1 of 1: name the folder of the interrupted sweep",
    );
    assertEquals(error.fields, ["exportDir"]);
    assertEquals(await Deno.readTextFile(journalPath(bare)), journal);

    const out = `${folder}/out.json`;
    await begin(out, exportDir);
    const end = await runSweep(study, { out, exportDir });
    assert(end.status === "complete");
    assertEquals(
      [...Deno.readDirSync(exportDir)].map(({ name }) => name).sort(),
      end.set.cells.map(({ id }) => id).sort(),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() refuses a study that excludes all of its cells, and writes nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const empty = { ...study, exclude: [{ ratios: [0] }, { ratios: [1] }] };
    await assertRejects(
      () => runSweep(empty, { out: `${folder}/out.json` }),
      UsageError,
      '"exclude" must leave at least one cell of the study',
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() in this process ends within a cell when interrupted", async () => {
  const stop = new AbortController();
  let reports = 0;
  const end = await runSweep(study, {
    signal: stop.signal,
    listener: {
      onProgress() {
        if (++reports === 2) stop.abort();
      },
    },
  });
  assertEquals(end, { status: "interrupted", finished: 0, cells: 4 });
  assertEquals(reports, 2);
});

/** Much by estimate and little in fact: the attack gives up early. */
const costly = { ...study, epochs: 1, attacks: ["apgd-ce-500"] };

Deno.test("wasm: runSweep() that is not approved runs and leaves nothing, or what it had", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/out.json`;
    const asked: SweepEstimate[] = [];
    const refuse = (estimate: SweepEstimate) => {
      asked.push(estimate);
      throw new UsageError("too much");
    };
    const call = () => runSweep(costly, { out, approve: refuse });
    await assertRejects(call, UsageError, "too much");
    assertEquals([...Deno.readDirSync(folder)], []);

    const stop = new AbortController();
    await runSweep(costly, {
      out,
      signal: stop.signal,
      approve: (estimate) => void asked.push(estimate),
      listener: { onFinished: () => stop.abort() },
    });
    await assertRejects(call, UsageError, "too much");
    const [first, second, third] = asked;
    assertEquals([first!.cells, second!.cells, third!.cells], [4, 4, 3]);
    assert(first!.hours > 0);
    const left = await runSweep(costly, { out });
    assert(left.status === "complete");
    assertEquals(left.set.cells.length, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wasm: runSweep() that is interrupted while it is to be approved is interrupted", async () => {
  const stop = new AbortController();
  const end = await runSweep(costly, {
    signal: stop.signal,
    approve() {
      stop.abort();
      throw new UsageError("no answer");
    },
  });
  assertEquals(end, { status: "interrupted", finished: 0, cells: 4 });
});

Deno.test("wasm: runSweep() does not ask for what takes less time than to measure", async () => {
  const end = await runSweep(study, {
    approve() {
      throw new Error("asked");
    },
  });
  assertEquals(end.status, "complete");
});

Deno.test("wasm: runSweep() refuses before the first cell a study whose result set could not be read again, and its shards", () =>
  inFolder(async (folder) => {
    const large = parseStudy({
      ...study,
      seeds: Array.from({ length: 1000 }, (_, seed) => seed),
      epochs: 3000,
    });
    for (const shard of [undefined, { index: 1, count: 1000 }]) {
      await assertRejects(
        () =>
          runSweep(large, {
            out: `${folder}/new/large.json`,
            shard,
            approve: () => {
              throw new Error("The sweep would begin");
            },
          }),
        UsageError,
        "The result set would have 2,000 cells and be up to ",
      );
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("runSweep() refuses a study that was changed into one that no reader takes, before any cell", async () => {
  const changed: [Record<string, unknown>, string][] = [
    [{ seeds: [1, 1] }, '"seeds" must not name a value twice'],
    [{ epsilon: 0 }, '"epsilon" must be above 0'],
    [{ name: "../x" }, '"name" must be lower-case letters'],
    [{ learningRat: 1 }, 'unknown field: "learningRat"'],
  ];
  for (const [fields, message] of changed) {
    await assertRejects(
      () => runSweep({ ...study, ...fields }),
      UsageError,
      message,
    );
  }
});

Deno.test("runSweep() refuses numbers of processes and seconds that are none", async () => {
  for (const jobs of [0, -1, 1.5, NaN]) {
    await assertRejects(() => runSweep(study, { jobs }), RangeError, '"jobs"');
  }
  for (const stallLimit of [0, NaN]) {
    await assertRejects(
      () => runSweep(study, { jobs: 1, stallLimit }),
      RangeError,
      '"stallLimit" must be above 0',
    );
  }
});

Deno.test("wasm: runSweep() runs the study as it was given, also if its owner changes it meanwhile", async () => {
  const given = structuredClone(
    parseStudy({ ...study, seeds: [0], ratios: [0], epochs: 1 }),
  );
  const running = runSweep(given);
  given.epochs = 3;
  given.ratios.push(1);
  const end = await running;
  assert(end.status === "complete");
  assertEquals([end.set.study.epochs, end.set.study.ratios], [1, [0]]);
  assertEquals(end.set.cells.map(({ config }) => config.epochs), [1]);
});
