import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { compareWithin } from "../../src/verify/compare_within.ts";
import { cellOf, edited, flipBit, testOf } from "./_frozen.ts";

/** A real cell of 20 test images against itself, changed. */
function compare(edit: (cell: FinishedCell) => void, tolerance: number) {
  const changed = edited((set) => edit(cellOf(set)));
  return compareWithin(cellOf(edited()), cellOf(changed), tolerance);
}

Deno.test("compareWithin() finds nothing, at any tolerance, in equal cells", () => {
  assertEquals(compare(() => {}, 0), null);
});

Deno.test("compareWithin() takes images right in one and wrong in the other up to the tolerance, clean, with mirror images, attacked and in the worst case", () => {
  const { clean } = testOf(edited());
  const flipTwo = (bits: string) => flipBit(flipBit(bits, 3), 19);
  const edits: [string, (cell: FinishedCell) => void][] = [
    ["clean", (cell) => {
      const { clean } = cell.outcome.test!;
      clean.bits = flipTwo(clean.bits);
    }],
    ["byAttack.pgd-2", (cell) => {
      const attacked = cell.outcome.test!.byAttack["pgd-2"]!;
      attacked.bits = flipTwo(attacked.bits);
    }],
    ["flipped", (cell) => {
      const { flipped } = cell.outcome.test!;
      flipped!.bits = flipTwo(flipped!.bits);
    }],
    ["worstCase", (cell) => {
      const worst = cell.outcome.test!.worstCase!;
      worst.bits = flipTwo(worst.bits);
    }],
  ];
  // Mirror images were not asked for when the set was frozen.
  const withFlipped = (edit: (cell: FinishedCell) => void = () => {}) =>
    edited((set) => {
      const { test } = cellOf(set).outcome;
      test!.flipped = { ...test!.clean };
      edit(cellOf(set));
    });
  const compareFlipped = (
    edit: (cell: FinishedCell) => void,
    tolerance: number,
  ) =>
    compareWithin(cellOf(withFlipped()), cellOf(withFlipped(edit)), tolerance);
  for (const [name, edit] of edits) {
    assertEquals(compareFlipped(edit, 0.1), null);
    const excess = compareFlipped(edit, 0.099)!;
    assertEquals(excess.field, `outcome.test.${name}.correct`);
    assertEquals(excess.why, "10% apart, more than 9.9%");
  }
  // Counts that are the same by chance hide no image.
  assertEquals(compare(edits[0]![1], 0.099)!.expected, String(clean.correct));
});

Deno.test("compareWithin() takes averaged weights up to the tolerance, and those of the same best epoch", () => {
  const made = (
    { averaged = 0, best = 0, epoch = 0 } = {},
  ): FinishedCell => {
    const cell = structuredClone(cellOf(edited()));
    const testOf = (flips: number) => {
      const test = structuredClone(cell.outcome.test!);
      for (let image = 0; image < flips; image++) {
        test.clean.bits = flipBit(test.clean.bits, image);
      }
      return test;
    };
    const weightsSha256 = "";
    cell.outcome.averaged = { test: testOf(averaged), weightsSha256 };
    cell.outcome.best = { test: testOf(best), weightsSha256, epoch };
    return cell;
  };
  const of = (b: FinishedCell) => compareWithin(made(), b, 0.1)?.field ?? null;
  assertEquals(of(made()), null);
  assertEquals(of(made({ averaged: 2, best: 2 })), null);
  assertEquals(
    of(made({ averaged: 3 })),
    "outcome.averaged.test.clean.correct",
  );
  assertEquals(of(made({ best: 3 })), "outcome.best.test.clean.correct");
  assertEquals(of(made({ best: 3, epoch: 1 })), null);
  const without = made();
  delete without.outcome.averaged;
  assertMatch(of(without)!, /averaged/);
});

Deno.test("compareWithin() takes losses up to a tenth of the tolerance, relatively", () => {
  const edit = (cell: FinishedCell) => cell.outcome.epochs[1]!.loss *= 1.001;
  assertEquals(compare(edit, 0.01), null);
  const excess = compare(edit, 0.0099)!;
  assertEquals(excess.field, "outcome.epochs.1.loss");
  assertEquals(
    excess.expected,
    String(cellOf(edited()).outcome.epochs[1]!.loss),
  );
  assertMatch(excess.why, /^0\.0999% apart, more than 0\.099%$/);
});

Deno.test("compareWithin() takes training accuracy and perturbations up to the tolerance", () => {
  const accuracy = (cell: FinishedCell) => {
    cell.outcome.train!.copies.correct += 6;
  };
  assertEquals(compare(accuracy, 0.1), null);
  assertEquals(compare(accuracy, 0.09)!.field, "outcome.train.copies.correct");
  const perturbation = (cell: FinishedCell) => {
    cell.outcome.test!.byAttack["fgsm"]!.maxPerturbation *= 2;
  };
  assertEquals(compare(perturbation, 0.5), null);
  assertEquals(
    compare(perturbation, 0.49)!.field,
    "outcome.test.byAttack.fgsm.maxPerturbation",
  );
});

Deno.test("compareWithin() takes other weights, and no other plan, count, attack or flag", () => {
  const hash = "0".repeat(64);
  assertEquals(compare((cell) => cell.outcome.weightsSha256 = hash, 0), null);
  const edits: [field: string, edit: (cell: FinishedCell) => void][] = [
    ["duplication.planSha256", (cell) => cell.duplication.planSha256 = hash],
    ["outcome.epochs.0.steps", ({ outcome }) => outcome.epochs[0]!.steps++],
    ["outcome.divergedAtEpoch", ({ outcome }) => outcome.divergedAtEpoch = 1],
    ["outcome.test.rows", ({ outcome }) => outcome.test!.rows--],
    ["outcome.test.hasWorstCase", ({ outcome }) => {
      delete outcome.test!.worstCase;
    }],
    ["outcome.test.attacks.0", ({ outcome }) => {
      delete outcome.test!.byAttack["apgd-ce-2"];
    }],
    ["outcome.train", ({ outcome }) => outcome.train = null],
    ["outcome.flags.0", ({ outcome }) => {
      outcome.flags.push({ flag: "zero-gradient", where: "fgsm", value: 1 });
    }],
  ];
  for (const [field, edit] of edits) {
    const excess = compare(edit, 1)!;
    assertEquals(
      [excess.field, excess.why],
      [field, "no tolerance applies to this field"],
    );
  }
});

Deno.test("compareWithin() finds real runs on WebAssembly and on plain JavaScript within a hundredth, and not equal", async () => {
  const limits = { limitTrain: 10, limitTest: 10 };
  const dataset = await loadDataset("cifar10-mini", limits);
  const study = parseStudy({
    name: "two-backends",
    ...limits,
    ratios: [0],
    epochs: 1,
    batch: 10,
    attacks: [],
  });
  const run = async (name: "cpu" | "wasm") => {
    const backend = await openBackend(name);
    return await runCell(planCells(study, name)[0]!, dataset, { backend });
  };
  const [wasm, cpu] = [await run("wasm"), await run("cpu")];
  assertNotEquals(wasm.outcome.weightsSha256, cpu.outcome.weightsSha256);
  assertEquals(compareWithin(wasm, cpu, 0.01), null);
});

Deno.test("compareWithin() takes counts after epochs and of images that are counted separately up to the tolerance, and needs the same ones", () => {
  const made = (edit: (cell: FinishedCell) => void = () => {}) => {
    const cell = structuredClone(cellOf(edited()));
    cell.config.dataset.validation = 10;
    const [epoch] = cell.outcome.epochs;
    epoch!.correct = 10;
    epoch!.validation = { correct: 5, robust: 4 };
    epoch!.overfitting = { images: 10, singleStep: 5, pgd: 4 };
    cell.outcome.leaked = { rows: 10, correct: 5 };
    edit(cell);
    return cell;
  };
  const edits: [field: string, edit: (cell: FinishedCell) => void][] = [
    // Of 20 test images.
    ["epochs.0.correct", ({ outcome }) => outcome.epochs[0]!.correct! += 2],
    [
      "epochs.0.validation.correct",
      ({ outcome }) => outcome.epochs[0]!.validation!.correct++,
    ],
    [
      "epochs.0.validation.robust",
      ({ outcome }) => outcome.epochs[0]!.validation!.robust!--,
    ],
    [
      "epochs.0.overfitting.singleStep",
      ({ outcome }) => outcome.epochs[0]!.overfitting!.singleStep--,
    ],
    [
      "epochs.0.overfitting.pgd",
      ({ outcome }) => outcome.epochs[0]!.overfitting!.pgd++,
    ],
    ["leaked.correct", ({ outcome }) => outcome.leaked!.correct--],
  ];
  assertEquals(compareWithin(made(), made(), 0), null);
  for (const [field, edit] of edits) {
    assertEquals(compareWithin(made(), made(edit), 0.1), null, field);
    const excess = compareWithin(made(), made(edit), 0.099);
    assertEquals(excess?.field, `outcome.${field}`);
    assertEquals(excess?.why, "10% apart, more than 9.9%");
  }
  for (
    const edit of [
      ({ outcome }: FinishedCell) => void delete outcome.leaked,
      ({ outcome }: FinishedCell) => void outcome.leaked!.rows++,
      ({ outcome }: FinishedCell) => void delete outcome.epochs[0]!.correct,
      ({ outcome }: FinishedCell) =>
        void outcome.epochs[0]!.overfitting!.images++,
    ]
  ) {
    assertEquals(
      compareWithin(made(), made(edit), 1)?.why,
      "no tolerance applies to this field",
    );
  }
});
