import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import {
  mergeResultSets,
  type NamedResultSet,
} from "../../src/results/merge_result_sets.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import {
  checkResultSet,
  requireConsistent,
} from "../../src/results/check_result_set.ts";
import { provenancesOf, runsByCell } from "../../src/results/provenances_of.ts";
import { cellOf, edited } from "../verify/_frozen.ts";

const whole = edited();
const provenance = { ...whole.provenance, command: ["merge"] };
const all = whole.cells.map((_, i) => i);

/** A part with some of the cells, as a shard would have them, changed. */
function part(
  path: string,
  keep: readonly number[],
  edit: (set: ResultSet) => void = () => {},
): NamedResultSet {
  const set = edited((set) => {
    set.cells = keep.map((i) => set.cells[i]!);
    set.shard = { index: 1, count: 2 };
    edit(set);
  });
  return { path, set: { ...set, digest: digestResultSet(set) } };
}

const merge = (...parts: NamedResultSet[]) =>
  mergeResultSets(parts, provenance);

/** Requires that parts are refused, in these very words. */
function refuses(message: string, ...parts: NamedResultSet[]): void {
  const error = assertThrows(() => merge(...parts), UsageError);
  assertEquals(error.message, message);
}

Deno.test("mergeResultSets() gives the cells and the digest of one run, however cells are spread and files ordered", () => {
  // For each cell the parts that have it, at least one of three.
  const spread = fc.tuple(...all.map(() => fc.integer({ min: 1, max: 7 })));
  fc.assert(fc.property(spread, fc.boolean(), (owners, isBackwards) => {
    const parts = [0, 1, 2].map((bit) =>
      part(`${bit}.json`, all.filter((i) => owners[i]! >> bit & 1))
    );
    const merged = merge(...isBackwards ? parts.reverse() : parts);
    assertEquals(merged.digest, whole.digest);
    assertEquals(merged.cells, whole.cells);
    assertEquals(checkResultSet(merged).faults, []);
    assertEquals([merged.shard, merged.parts?.length], [undefined, 3]);
  }));
});

/** Says which engine ran a set, and on which backend. */
const ranOn =
  (name: "Deno" | "Node", backend: "wasm" | "cpu") => (set: ResultSet) => {
    set.provenance.engine = { name, version: whole.provenance.deno! };
    for (const cell of set.cells) {
      cell.config.backend = backend;
      cell.id = cellId(cell.config);
    }
  };

Deno.test("mergeResultSets() joins sets of any engines on wasm, whose arithmetic is the same on all", () => {
  for (const name of ["Deno", "Node"] as const) {
    const parts = [
      part("a.json", [0, 1]),
      part("b.json", [2, 3], ranOn(name, "wasm")),
    ];
    assertEquals(merge(...parts).digest, whole.digest);
  }
});

Deno.test("mergeResultSets() joins sets with and without an engine on cpu, which all ran on Deno, and none of another", () => {
  const first = part("a.json", [0, 1], (set) => {
    ranOn("Deno", "cpu")(set);
    delete set.provenance.engine;
  });
  merge(first, part("b.json", [2, 3], ranOn("Deno", "cpu")));
  const other = part("b.json", [2, 3], ranOn("Node", "cpu"));
  assertThrows(() => merge(first, other), UsageError, "versions.deno");
});

Deno.test("mergeResultSets() takes the versions of a merged set from its parts, not from what merged them", () => {
  const old = "0.0.1";
  const a = part("a.json", [0, 1], (set) => set.provenance.dupbench = old);
  const b = part("b.json", [2, 3]);
  // As a merge leaves it, by the version of today.
  const merged = {
    path: "c.json",
    set: {
      ...a.set,
      provenance: whole.provenance,
      parts: [{ digest: a.set.digest, provenance: a.set.provenance }],
    },
  };
  refuses(
    `"b.json" must have the same versions.dupbench as "c.json": expected "${old}", got "${whole.provenance.dupbench}"`,
    merged,
    b,
  );
  refuses(
    `"c.json" must have the same versions.dupbench as "b.json": expected "${whole.provenance.dupbench}", got "${old}"`,
    b,
    merged,
  );
  const rest = part("d.json", [2, 3], (set) => set.provenance.dupbench = old);
  assertEquals(merge(merged, rest).digest, whole.digest);
});

Deno.test("mergeResultSets() records which cells are of which part, also where several have a cell or parts are merged sets, and so which run each is of", () => {
  const on = (cpu: string) => (set: ResultSet) => set.provenance.cpu = cpu;
  const ids = whole.cells.map(({ id }) => id);
  const idsOf = (...at: number[]) => at.map((i) => ids[i]!);
  const cpus = (set: ResultSet) => {
    const runs = runsByCell(set);
    return set.cells.map(({ id }) => runs.get(id)!.map(({ cpu }) => cpu));
  };
  // The second has a cell of the first, and the first has one that failed.
  const a = part("a.json", [0, 1, 2], (set) => {
    on("A")(set);
    const { id, config } = set.cells[2]!;
    set.cells[2] = { id, config, status: "failed", error: "killed" };
  });
  const b = part("b.json", [1, 2, 3], on("B"));
  const merged = merge(a, b);
  assertEquals(merged.parts!.map(({ cells }) => cells), [
    idsOf(0, 1),
    idsOf(2, 3),
  ]);
  assertEquals(cpus(merged), [["A"], ["A"], ["B"], ["B"]]);
  assertEquals(checkResultSet(merged).faults, []);

  const again = merge(
    part("c.json", [3], on("C")),
    { path: "m.json", set: merged },
  );
  assertEquals(again.parts!.map(({ cells }) => cells), [
    idsOf(3),
    idsOf(0, 1),
    idsOf(2),
  ]);
  assertEquals(cpus(again), [["A"], ["A"], ["B"], ["C"]]);

  // No cell is of it, so it ran none of them.
  const unused = merge(a, b, part("d.json", [0], on("D")));
  assertEquals(provenancesOf(unused).map(({ cpu }) => cpu), ["A", "B"]);

  // An older version did not record the cells of parts.
  const older = structuredClone(merged);
  for (const part of older.parts!) delete part.cells;
  assertEquals(cpus(older), ids.map(() => ["A", "B"]));
  assertEquals(checkResultSet(older).faults, []);
});

Deno.test("checkResultSet() finds cells of parts that are named twice, by no part, or are not of the set", () => {
  const merged = merge(part("a", [0, 1]), part("b", [2, 3]));
  const ids = merged.cells.map(({ id }) => id);
  for (
    const [cells, fault] of [
      [[ids[1]!, ...ids.slice(2)], `parts: cell ${ids[1]} is named twice`],
      [[ids[2]!], `parts: cell ${ids[3]} is of none of them`],
      [["0".repeat(16)], `parts: cell ${"0".repeat(16)} is not a cell of`],
    ] as const
  ) {
    const forged = structuredClone(merged);
    forged.parts![1]!.cells = [...cells];
    const [first = ""] = checkResultSet(forged).faults;
    assertEquals(first.startsWith(fault), true, first);
    assertThrows(() => requireConsistent(forged, "f.json"), UsageError, fault);
  }
});

Deno.test("mergeResultSets() keeps where each part ran, and of merged parts where theirs ran", () => {
  const on = (cpu: string) => (set: ResultSet) => set.provenance.cpu = cpu;
  const [a, b, c] = [
    part("a", [0], on("A")),
    part("b", [1], on("B")),
    part("c", [2, 3], on("C")),
  ];
  const partial = {
    ...c.set,
    parts: [a, b].map(({ set }) => set).map((set) => ({
      shard: set.shard!,
      digest: set.digest,
      provenance: set.provenance,
    })),
  };
  const merged = merge(part("d", [0, 1]), { path: "c", set: partial });
  assertEquals(merged.provenance, provenance);
  assertEquals(
    merged.parts!.map(({ provenance: { cpu } }) => cpu),
    [whole.provenance.cpu, "A", "B"],
  );
  assertEquals(merged.parts![1], partial.parts[0]!);
});

Deno.test("mergeResultSets() refuses a cell that differs between two files, naming files, cell, field and both values", () => {
  const { id, outcome } = cellOf(whole, 1);
  const { loss } = outcome.epochs[0]!;
  const other = loss + 1e-12;
  refuses(
    `Cell ${id} of "b.json" differs from that of "a.json" in outcome.epochs.0.loss: expected ${loss}, got ${other}`,
    part("a.json", [0, 1]),
    part("b.json", [1, 2, 3], (set) => {
      cellOf(set).outcome.epochs[0]!.loss = other;
    }),
  );
  // Times need not agree.
  const slow = part(
    "b.json",
    [1, 2, 3],
    (set) => cellOf(set).timing.trainMs = 1e6,
  );
  assertEquals(merge(part("a.json", [0, 1]), slow).digest, whole.digest);
});

Deno.test("mergeResultSets() replaces a failed cell by a finished one, in any order", () => {
  const fail = (set: ResultSet) => {
    const { id, config } = set.cells[0]!;
    set.cells[0] = { id, config, status: "failed", error: "killed" };
  };
  const failed = part("a.json", [0, 1], fail);
  const rest = part("b.json", [0, 2, 3]);
  for (const parts of [[failed, rest], [rest, failed]]) {
    assertEquals(merge(...parts).digest, whole.digest);
  }
  const nowhere = merge(failed, part("b.json", [2, 3]));
  assertEquals(nowhere.cells.map(({ status }) => status), [
    "failed",
    "finished",
    "finished",
    "finished",
  ]);
  const unsharded = edited(fail);
  assertEquals(nowhere.digest, digestResultSet(unsharded));
});

Deno.test("mergeResultSets() refuses parts that leave out cells of the study", () => {
  refuses(
    `Every cell of the study must be in one of the files: 2 of 4 are missing, the first of them ${
      whole.cells[1]!.id
    }`,
    part("a.json", [0]),
    part("b.json", [3]),
  );
});

Deno.test("mergeResultSets() refuses a part whose digest does not match", () => {
  const { path, set } = part("b.json", [2, 3]);
  const digest = "0".repeat(64);
  refuses(
    `The digest of "b.json" does not match its content: expected ${set.digest}, got ${digest}`,
    part("a.json", [0, 1]),
    { path, set: { ...set, digest } },
  );
});

Deno.test("mergeResultSets() refuses parts of other studies, data sets or versions, naming the field", () => {
  const cases: [string, (set: ResultSet) => void][] = [
    [
      'study.epochs as "a.json": expected 2, got 3',
      ({ study }) => study.epochs = 3,
    ],
    [
      `dataset.sha256 as "a.json": expected "${
        whole.dataset.sha256.slice(0, 59)
      }…, got "${"0".repeat(59)}…`,
      ({ dataset }) => dataset.sha256 = "0".repeat(64),
    ],
    [
      `versions.dupbench as "a.json": expected "${whole.provenance.dupbench}", got "0.0.1"`,
      ({ provenance }) => provenance.dupbench = "0.0.1",
    ],
    [
      `versions.@tensorflow/tfjs as "a.json": expected "4.22.0", got "4.0.0"`,
      ({ provenance }) => provenance.packages["@tensorflow/tfjs"] = "4.0.0",
    ],
  ];
  for (const [what, edit] of cases) {
    refuses(
      `"b.json" must have the same ${what}`,
      part("a.json", [0, 1]),
      part("b.json", [2, 3], edit),
    );
  }
});

Deno.test("mergeResultSets() joins sets whose other packages differ, such as development tools", () => {
  const other = part("b.json", [2, 3], ({ provenance: { packages } }) => {
    packages["vega"] = "0.0.1";
    packages["jasmine-core"] = "0.0.1";
  });
  assertEquals(merge(part("a.json", [0, 1]), other).digest, whole.digest);
});

Deno.test("mergeResultSets() refuses cells of several backends", () => {
  refuses(
    "All cells must have run on one backend, got wasm, cpu",
    part("a.json", [0, 1]),
    part("b.json", [2, 3], (set) => {
      for (const cell of set.cells) {
        cell.config.backend = "cpu";
        cell.id = cellId(cell.config);
      }
    }),
  );
});

Deno.test("mergeResultSets() refuses a cell that is not of the study, or has the id of another", () => {
  const edits: ((set: ResultSet) => void)[] = [
    (set) => {
      const cell = structuredClone(cellOf(set));
      cell.config.seed = 9;
      cell.id = cellId(cell.config);
      set.cells.push(cell);
    },
    (set) => set.cells[0]!.config.seed = 9,
  ];
  for (const edit of edits) {
    const odd = part("b.json", [2, 3], edit);
    const { id } = odd.set.cells.find(({ config }) => config.seed === 9)!;
    refuses(
      `Cell ${id} of "b.json" is not a cell of the study "frozen"`,
      part("a.json", [0, 1]),
      odd,
    );
  }
});
