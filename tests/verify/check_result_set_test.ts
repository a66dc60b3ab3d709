import { assertEquals, assertMatch } from "@std/assert";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { contentName } from "../../src/spec/content_name.ts";
import { version } from "../../src/results/versions.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { cellOf, edited, forged, frozenQuickPath, testOf } from "./_frozen.ts";
import { readRecorded } from "../recorded_sets.ts";

const quick = await readRecorded("quick");

/** The named study's result, changed and with the digest of what it then is. */
function forgedQuick(edit: (set: ResultSet) => void): ResultSet {
  const set = structuredClone(quick);
  edit(set);
  return { ...set, digest: digestResultSet(set) };
}

Deno.test("checkResultSet() finds nothing in result sets as the command line wrote them", () => {
  assertEquals(checkResultSet(edited()), { faults: [], notes: [] });
  assertEquals(checkResultSet(quick), { faults: [], notes: [] });
});

Deno.test("checkResultSet() finds no fault in quick as 0.2.0 recorded it, and notes what the study has now", async () => {
  const { faults, notes } = checkResultSet(
    await readResultSet(frozenQuickPath),
  );
  assertEquals(faults, []);
  assertEquals(notes.length, 1);
  assertMatch(notes[0]!, /^study\.description: .*, recorded with 0\.2\.0$/);
});

Deno.test("checkResultSet() finds an edited value by the digest, and says both digests", () => {
  const set = edited((set) => cellOf(set).outcome.epochs[1]!.loss += 1e-9);
  assertEquals(checkResultSet(set).faults, [
    `digest: expected ${
      digestResultSet(set)
    }, computed from the content, got ${set.digest} in the file: the study, the data set or a cell was edited`,
  ]);
});

Deno.test("checkResultSet() passes over times and provenance, which no digest covers", () => {
  const set = edited((set) => {
    cellOf(set).timing.trainMs *= 2;
    set.provenance.cpu = "another";
  });
  assertEquals(checkResultSet(set).faults, []);
});

/** Tampering, each with the first fault that is named; the digest is right. */
const tampering: [
  what: string,
  edit: (set: ResultSet) => void,
  fault: (set: ResultSet) => RegExp,
][] = [
  [
    "an accuracy that its bits contradict",
    (set) => testOf(set).clean.correct++,
    (set) =>
      new RegExp(
        `^cell ${
          set.cells[0]!.id
        }: outcome.test.clean.correct: expected 3 by its bits, got 4 in the file$`,
      ),
  ],
  [
    "counts by class that do not add up",
    (set) => testOf(set, 1).byAttack["pgd-2"]!.correctPerClass[0]!++,
    (set) =>
      new RegExp(
        `^cell ${
          set.cells[1]!.id
        }: outcome.test.byAttack.pgd-2.correctPerClass: expected a sum of 0 by its bits, got 1 in the file$`,
      ),
  ],
  [
    "more right of a class than it has images",
    (set) => {
      const { correctPerClass } = testOf(set).clean;
      correctPerClass.fill(0);
      correctPerClass[3] = 3;
    },
    () =>
      /^cell \w+: outcome.test.clean.correctPerClass.3: expected at most 2, the images of the class, got 3 in the file$/,
  ],
  [
    "bits of images that are not there",
    (set) => testOf(set).clean.bits += "0",
    () => /^cell \w+: outcome.test.clean.bits: .*must be 5 hexadecimal digits/,
  ],
  [
    "a worst case that is not the worst",
    (set) => {
      testOf(set).worstCase = structuredClone(testOf(set).clean);
    },
    () =>
      /^cell \w+: outcome.test.worstCase.bits: expected false for image \d+, by clean and every attack, got true in the file$/,
  ],
  [
    "an attack left out",
    (set) => delete testOf(set).byAttack["square-5"],
    () =>
      /^cell \w+: outcome.test.byAttack: expected apgd-ce-2, fgsm, pgd-2, square-5, got apgd-ce-2, fgsm, pgd-2 in the file$/,
  ],
  [
    "a test left out",
    (set) => cellOf(set).outcome.test = null,
    () => /^cell \w+: outcome.test: expected counts, got null in the file$/,
  ],
  [
    "fewer test images than the data set has",
    (set) => testOf(set).rows = 19,
    () => /^cell \w+: outcome.test.rows: expected 20, got 19 in the file$/,
  ],
  [
    "more training images right than there are",
    (set) => cellOf(set).outcome.train!.copies.correct = 61,
    () =>
      /^cell \w+: outcome.train.copies.correct: expected at most 60, got 61 in the file$/,
  ],
  [
    "more leaks than test images",
    (set) => {
      set.dataset.leaksPerClass = set.dataset.testPerClass.map((n) => n + 1);
    },
    () =>
      /^dataset.leaksPerClass: expected at most 2, .*, got 3, .* in the file$/,
  ],
  [
    "an epoch left out",
    (set) => cellOf(set).outcome.epochs.pop(),
    () => /^cell \w+: outcome.epochs: expected 2, got 1 in the file$/,
  ],
  [
    "copies that are of no class",
    (set) => cellOf(set).duplication.copies--,
    () => /^cell \w+: duplication.copies: expected 60, got 59 in the file$/,
  ],
  [
    "a cell that is missing",
    (set) => set.cells.splice(2, 1),
    () => /^1 of the 4 cells of the study are missing, the first \w{16}$/,
  ],
  [
    "no cells at all",
    (set) => set.cells = [],
    () => /^4 of the 4 cells of the study are missing, the first \w{16}$/,
  ],
  [
    "a cell that occurs twice",
    (set) => set.cells.push(structuredClone(set.cells[0]!)),
    (set) => new RegExp(`^cell ${set.cells[0]!.id} occurs twice$`),
  ],
  [
    "cells that changed places",
    (set) => set.cells.reverse(),
    (set) =>
      new RegExp(
        `^cell ${set.cells[0]!.id} is out of order: expected ${
          set.cells[3]!.id
        } in its place, `,
      ),
  ],
  [
    "cells whose ids were swapped",
    ({ cells }) => [cells[0]!.id, cells[1]!.id] = [cells[1]!.id, cells[0]!.id],
    ({ cells }) =>
      new RegExp(
        `^cell ${cells[0]!.id}: id: expected ${
          cells[1]!.id
        }, the hash of its config, got ${cells[0]!.id} in the file`,
      ),
  ],
  [
    "a config that was edited",
    (set) => cellOf(set).config.seed = 2,
    () =>
      /^cell \w+: id: expected \w+, the hash of its config, got \w+ in the file: the config was edited/,
  ],
  [
    "a config that was edited, with its id",
    (set) => {
      const cell = cellOf(set);
      cell.config.seed = 2;
      cell.id = cellId(cell.config);
    },
    () =>
      /^study: 1 of the 4 cells do not belong to it, the first \w+: the study was edited, or cells of another study were added$/,
  ],
  [
    "a study that was edited",
    ({ study }) => study.epochs = 3,
    () => /^study: 4 of the 4 cells do not belong to it/,
  ],
  [
    "a study that asks for more",
    ({ study }) => study.seeds = [1, 2],
    () => /^4 of the 8 cells of the study are missing/,
  ],
  [
    "cells of another backend than the study's",
    ({ study }) => study.backend = "cpu",
    () => /^backend: expected cpu for all cells, got wasm$/,
  ],
  [
    "a shard that cannot be",
    (set) => set.shard = { index: 3, count: 2 },
    () => /^shard: expected 1\/1 to 4\/4, got 3\/2$/,
  ],
  [
    "a shard without a cell",
    (set) => {
      set.shard = { index: 1, count: 2 };
      set.cells = [];
    },
    () => /^cells: expected at least one, got none$/,
  ],
];
for (const [what, edit, fault] of tampering) {
  Deno.test(`checkResultSet() names ${what}, though the digest fits`, () => {
    const set = forged(edit);
    const { faults } = checkResultSet(set);
    assertMatch(faults[0] ?? "nothing", fault(set));
    // With the old digest, the digest is named besides; but it is of cells in
    // the order of their ids, and so does not see that two changed places.
    const { digest } = edited();
    const more = checkResultSet({ ...set, digest }).faults;
    assertEquals(more.slice(0, faults.length), faults);
    assertEquals(
      more.length - faults.length,
      what === "cells that changed places" ? 0 : 1,
    );
  });
}

Deno.test("checkResultSet() takes a cell that diverged: no loss of that epoch, and no test", () => {
  const diverge = (epochs: number) =>
    forged((set) => {
      const { outcome } = cellOf(set);
      outcome.epochs.length = epochs;
      outcome.divergedAtEpoch = 1;
      outcome.test = outcome.train = null;
    });
  assertEquals(checkResultSet(diverge(1)).faults, []);
  assertMatch(
    checkResultSet(diverge(0)).faults[0]!,
    /: outcome.epochs: expected 1, got 0 in the file$/,
  );
});

Deno.test("checkResultSet() names a study whose name is not that of its content", () => {
  const named = (base: string) =>
    forged(({ study }) => study.name = contentName(base, study));
  for (const base of ["sweep", "quick"]) {
    assertEquals(checkResultSet(named(base)).faults, []);
    const set = named(base);
    const { name } = set.study;
    // The words of a study decide no cell, so only its name tells.
    set.study.description = "Something else";
    const expected = contentName(base, set.study);
    assertEquals(
      checkResultSet({ ...set, digest: digestResultSet(set) }).faults,
      [`study.name: expected "${expected}", computed from the study, got "${name}" in the file: the study was edited`],
    );
  }
  // Of another base nobody knows whether its name was ever a hash.
  const other = forged(({ study }) => study.name = "mine-0123abcd");
  assertEquals(checkResultSet(other).faults, []);
});

Deno.test("checkResultSet() names a study that is called as one that ships, and is not that", () => {
  const { faults, notes } = checkResultSet(forgedQuick((set) => {
    set.study.description = "Something else";
    set.provenance.dupbench = version;
  }));
  assertEquals(notes, []);
  assertMatch(
    faults[0]!,
    /^study.description: expected ".* as in the study "quick" of dupbench \S+, got ".*" in the file: it was edited, or is another study of that name$/,
  );
  const { description } = namedStudies["quick"]!;
  assertMatch(faults[0]!, new RegExp(description.slice(0, 30)));
});

Deno.test("checkResultSet() only notes it where another version recorded the set, as that may have shipped another", () => {
  const { faults, notes } = checkResultSet(forgedQuick((set) => {
    set.study.description = "Something else";
    set.provenance.dupbench = "0.0.9";
  }));
  assertEquals(faults, []);
  assertEquals(notes.length, 1);
  assertMatch(notes[0]!, /^study.description: .*, recorded with 0\.0\.9$/);
});
