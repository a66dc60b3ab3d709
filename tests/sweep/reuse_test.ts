import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { noteAdapters } from "../../src/cli/note_adapters.ts";
import { activitiesOf } from "../../src/results/activities_of.ts";
import {
  checkResultSet,
  requireConsistent,
} from "../../src/results/check_result_set.ts";
import {
  mergeResultSets,
  type NamedResultSet,
} from "../../src/results/merge_result_sets.ts";
import { provenancesOf } from "../../src/results/provenances_of.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runSweep, type SweepOptions } from "../../src/sweep/run_sweep.ts";
import { runMain } from "../cli/run_main.ts";
import { inFolder, small, sweep, tiny, toArgs } from "./tiny_sweep.ts";

const fields = {
  limitTrain: 60,
  limitTest: 20,
  epochs: 1,
  batch: 16,
  attacks: ["fgsm"],
  backend: "wasm",
} as const;

const first = parseStudy({
  name: "first",
  ratios: [0],
  seeds: [0, 1],
  ...fields,
});

/** Shares the cells of the first study and has two more. */
const second = parseStudy({
  name: "second",
  ratios: [0, 1],
  seeds: [0, 1],
  ...fields,
});

/** Runs a study in memory. */
async function run(study: typeof first, options: SweepOptions = {}) {
  const ran: string[] = [];
  const end = await runSweep(study, {
    ...options,
    listener: { onFinished: ({ id }) => ran.push(id) },
  });
  assert(end.status === "complete");
  return { set: end.set, ran };
}

const runs = new Map<typeof first, ReturnType<typeof run>>();

/** The same, once, with nothing to reuse. */
function whole(study: typeof first) {
  const running = runs.get(study) ?? run(study);
  runs.set(study, running);
  return running;
}

async function source(
  edit: (set: ResultSet) => void = () => {},
): Promise<NamedResultSet> {
  const set = structuredClone((await whole(first)).set);
  edit(set);
  return { path: "first.json", set: { ...set, digest: digestResultSet(set) } };
}

Deno.test("wasm: runSweep() takes the cells that an earlier set has, runs the others, and has the digest of a whole run", async () => {
  const earlier = await source();
  const { set, ran } = await run(second, { reuse: [earlier] });
  const alone = (await whole(second)).set;
  assertEquals(set.digest, alone.digest);
  assertEquals(set.cells.map(({ id }) => id), alone.cells.map(({ id }) => id));
  const ids = earlier.set.cells.map(({ id }) => id);
  assertEquals(ids.length, 2);
  assertEquals(ran.length, 2);
  assertEquals(ran.filter((id) => ids.includes(id)), []);
  assertEquals(set.reused, [{
    digest: earlier.set.digest,
    cells: set.cells.map(({ id }) => id).filter((id) => ids.includes(id)),
    runs: [earlier.set.provenance],
  }]);
  assertEquals(provenancesOf(set), [
    set.provenance,
    earlier.set.provenance,
  ]);
  assertEquals(checkResultSet(set).faults, []);
  assertEquals(alone.reused, undefined);
});

Deno.test("wasm: runSweep() keeps the times of reused cells, and reuses those of a set that itself reused some", async () => {
  const middle = await run(second, { reuse: [await source()] });
  const third = parseStudy({
    name: "third",
    ratios: [0, 1],
    seeds: [0],
    ...fields,
  });
  const { set, ran } = await run(third, {
    reuse: [{ path: "second.json", set: middle.set }],
  });
  assertEquals(ran, []);
  const timings = (cells: ResultSet["cells"]) =>
    (cells as FinishedCell[]).map(({ timing }) => timing.startedAt);
  const [ids] = [set.cells.map(({ id }) => id)];
  assertEquals(
    timings(set.cells),
    timings(middle.set.cells.filter(({ id }) => ids.includes(id))),
  );
  assertEquals(set.reused![0]!.runs, provenancesOf(middle.set));
});

Deno.test("wasm: parts of a merge keep what they reused", async () => {
  const earlier = await source();
  const shard = async (index: number) => ({
    path: `${index}.json`,
    set: (await run(second, {
      reuse: [earlier],
      shard: { index, count: 2 },
    })).set,
  });
  const parts = [await shard(1), await shard(2)];
  const merged = mergeResultSets(parts, parts[0]!.set.provenance);
  assertEquals(merged.digest, (await whole(second)).set.digest);
  assertEquals(
    merged.parts!.map(({ reused }) => reused),
    parts.map(({ set }) => set.reused),
  );
  assertEquals(checkResultSet(merged).faults, []);
  assertEquals(activitiesOf(merged).map(({ name }) => name), [
    ...parts.flatMap(({ set }, i) => [
      ...(set.reused
        ? [`Sweep of reused cells, set ${earlier.set.digest.slice(0, 16)}`]
        : []),
      `Sweep, shard ${i + 1} of 2`,
    ]),
    "Merge",
  ]);
});

Deno.test("wasm: runSweep() reuses cells of a study with fresh images, which has a reserve, and the other way round", async () => {
  const withFresh = parseStudy({
    ...second,
    name: "with-fresh",
    standIn: ["copies", "fresh"],
  });
  const fresh = (await whole(withFresh)).set;
  const plain = (await whole(second)).set;
  assert(fresh.dataset.sha256 !== plain.dataset.sha256);
  const less = await run(second, {
    reuse: [{ path: "fresh.json", set: fresh }],
  });
  assertEquals(less.ran, []);
  assertEquals(less.set.digest, plain.digest);
  const more = await run(withFresh, {
    reuse: [{ path: "plain.json", set: plain }],
  });
  assertEquals(more.ran.length, 2);
  assertEquals(more.set.digest, fresh.digest);
});

Deno.test("runSweep() refuses to reuse cells of other images, versions or settings, changed ones, and such that differ", async () => {
  const refuses = async (message: string, ...reuse: NamedResultSet[]) => {
    const error = await assertRejects(
      () => runSweep(second, { reuse }),
      UsageError,
    );
    assertStringIncludes(error.message, message);
  };
  await refuses(
    `Cells of "first.json" cannot be reused: dataset.sha256 must be`,
    await source((set) => set.dataset.sha256 = "0".repeat(64)),
  );
  await refuses(
    `Cells of "first.json" cannot be reused: versions.dupbench must be`,
    await source((set) => set.provenance.dupbench = "0.0.1"),
  );
  await refuses(
    `"reuse" must name result sets that have finished cells of this sweep, got "first.json" with none`,
    await source((set) => {
      set.cells = set.cells.map(({ id, config }) => ({
        id,
        config,
        status: "failed",
        error: "killed",
      }));
    }),
  );
  const changed = await source();
  (changed.set.cells[0] as FinishedCell).outcome.epochs[0]!.loss += 1;
  await refuses(`"first.json" was changed after it was written`, changed);
  const other = await source((set) => {
    (set.cells[0] as FinishedCell).outcome.epochs[0]!.loss += 1;
  });
  await refuses(
    `of "other.json" differs from that of "first.json" in outcome.epochs.0.loss`,
    await source(),
    { ...other, path: "other.json" },
  );
});

Deno.test("runSweep() refuses to export weights of cells that it would reuse", async () => {
  await assertRejects(
    async () =>
      await runSweep(second, { reuse: [await source()], exportDir: "weights" }),
    UsageError,
    `"exportDir" must not be given with "reuse"`,
  );
});

Deno.test("checkResultSet() finds a reused cell that the set does not have", async () => {
  const { set } = await run(second, { reuse: [await source()] });
  const forged = structuredClone(set);
  forged.reused![0]!.cells = ["0123456789abcdef"];
  assertEquals(checkResultSet(forged).faults, [
    "reused: cell 0123456789abcdef is not a cell of the set",
  ]);
});

Deno.test("checkResultSet() finds a reused cell that is named twice, and one that failed", async () => {
  const { set } = await run(second, { reuse: [await source()] });
  const [entry] = set.reused!;
  const [id, ...others] = entry!.cells;
  const twice = structuredClone(set);
  twice.reused![0]!.cells = [id!, id!, ...others];
  const inTwoSets = structuredClone(set);
  inTwoSets.reused!.push({ ...entry!, cells: [id!] });
  for (const forged of [twice, inTwoSets]) {
    const fault = `reused: cell ${id} is named twice`;
    assertEquals(checkResultSet(forged).faults, [fault]);
    assertThrows(() => requireConsistent(forged, "f.json"), UsageError, fault);
  }
  const failed = structuredClone(set);
  failed.cells = failed.cells.map((cell) =>
    cell.id === id
      ? { id, config: cell.config, status: "failed", error: "killed" }
      : cell
  );
  failed.digest = digestResultSet(failed);
  assertEquals(checkResultSet(failed).faults, [
    `reused: cell ${id} failed in the set, so it cannot be reused`,
  ]);
});

Deno.test("sweep --reuse says how many cells it takes and records the command; the set verifies", () =>
  inFolder(async (folder) => {
    const earlier = await sweep(folder, { ...small, ratios: "0" });
    await Deno.rename(`${folder}/out.json`, `${folder}/earlier.json`);
    const ended = await runMain([
      "sweep",
      ...toArgs({ ...tiny, ...small, jobs: "1" }),
      `--out=${folder}/out.json`,
      `--reuse=${folder}/earlier.json`,
    ]);
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(ended.stderr, /earlier\.json: 1 of 2 cells are reused/);
    assertStringIncludes(ended.stderr, "[2/2]");
    const set = await readResultSet(`${folder}/out.json`);
    assertEquals(set.reused?.map(({ digest }) => digest), [earlier.digest]);
    assertEquals(set.provenance.command.at(-1), "--reuse=earlier.json");
    const verified = await runMain([
      "verify",
      `${folder}/out.json`,
      "--cells=all",
    ]);
    assertEquals(verified.code, 0, verified.stderr);
    assertStringIncludes(
      verified.stdout,
      "2 of 2 cells run again, equal bit for bit",
    );
  }));

Deno.test("sweep --reuse names the flag and the file of a set that has no cell of the sweep, with exit code 2", () =>
  inFolder(async (folder) => {
    await sweep(folder, { ...small, ratios: "0" });
    const ended = await runMain([
      "sweep",
      ...toArgs({ ...tiny, ...small, batch: "8" }),
      `--out=${folder}/other.json`,
      `--reuse=${folder}/out.json`,
    ]);
    assertEquals(ended.code, 2);
    assertMatch(
      ended.stderr,
      /^--reuse must name .* of this sweep, got "[^"]*out\.json" with none/m,
    );
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(left, ["out.json"]);
  }));

Deno.test("wasm: a set all of whose cells are reused names the backend and the machine of the earlier run, not its own", async () => {
  const backend = { name: "wasm", adapter: { description: "Other GPU" } };
  const { set, ran } = await run(first, {
    reuse: [
      await source((set) => {
        set.provenance.cpu = "Other CPU";
        set.provenance.backend = backend;
      }),
    ],
  });
  assertEquals(ran, []);
  assertEquals(set.provenance.backend, backend);
  assertEquals(provenancesOf(set).map(({ cpu }) => cpu), ["Other CPU"]);
});

Deno.test("runSweep() checks the versions of a set that has an empty list of parts", async () => {
  await assertRejects(
    async () =>
      await runSweep(second, {
        reuse: [
          await source((set) => {
            set.parts = [];
            set.provenance.dupbench = "0.0.1";
          }),
        ],
      }),
    UsageError,
    "versions.dupbench must be",
  );
});

Deno.test("runSweep() refuses cells that count images apart where their study has none apart", async () => {
  await assertRejects(
    async () =>
      await runSweep(second, {
        reuse: [
          await source((set) => {
            (set.cells[0] as FinishedCell).outcome.leaked = {
              rows: 3,
              correct: 2,
            };
          }),
        ],
      }),
    UsageError,
    '"first.json" is inconsistent: cell ',
  );
});

Deno.test("runSweep() refuses an earlier set whose cell differs from that in the journal, and keeps the journal", () =>
  inFolder(async (folder) => {
    const out = `${folder}/out.json`;
    const stop = new AbortController();
    const options = { out, signal: stop.signal };
    const end = await runSweep(first, {
      ...options,
      listener: { onFinished: () => stop.abort() },
    });
    assertEquals(end.status, "interrupted");
    const other = await source((set) => {
      for (const cell of set.cells) {
        (cell as FinishedCell).outcome.epochs[0]!.loss += 1;
      }
    });
    await assertRejects(
      () => runSweep(first, { out, reuse: [other] }),
      UsageError,
      `of "first.json" differs from that of "${folder}/out.journal.jsonl" in outcome.epochs.0.loss`,
    );
    const resumed = await run(first, { out, reuse: [await source()] });
    assertEquals(resumed.ran, []);
    assertEquals(resumed.set.digest, (await whole(first)).set.digest);
    assertEquals(resumed.set.reused!.map(({ cells }) => cells.length), [1]);
  }));

Deno.test("sweep notes that reused WebGPU cells ran on another adapter", async () => {
  const { set } = await run(second, { reuse: [await source()] });
  const notesOf = (backend: "wasm" | "webgpu", adapter: string) => {
    const notes: string[] = [];
    const edited = structuredClone(set);
    for (const { config } of edited.cells) config.backend = backend;
    edited.provenance.backend = { adapter: "one" };
    edited.reused![0]!.runs[0]!.backend = { adapter };
    noteAdapters(edited, { note: (text) => notes.push(text) });
    return notes;
  };
  assertEquals(notesOf("webgpu", "other"), [
    "These cells ran on 2 adapters, so it may be impossible to repeat the digest on one of them",
  ]);
  assertEquals(notesOf("webgpu", "one"), []);
  assertEquals(notesOf("wasm", "other"), []);
});

Deno.test("sweep --reuse refuses an address of the web, with exit code 2", () =>
  inFolder(async (folder) => {
    const ended = await runMain([
      "sweep",
      ...toArgs({ ...tiny, ...small, out: `${folder}/out.json` }),
      "--reuse=https://example.org/a.json",
    ]);
    assertEquals([ended.code, ended.stderr], [
      2,
      `--reuse must be a file that is downloaded first, got "https://example.org/a.json"\n`,
    ]);
  }));
