import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { unpackBits } from "../../src/results/bit_string.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { slowTest } from "../slow.ts";

const testRows = 200;
const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 500,
  limitTest: testRows,
});

/** A moderately robust model, so that attacks neither always succeed nor always fail. */
const [cell] = planCells(
  parseStudy({
    name: "strong-attacks",
    limitTrain: 500,
    limitTest: testRows,
    training: ["adversarial"],
    ratios: [0],
    epochs: 6,
    batch: 25,
    optimizer: "adam",
    augment: "none",
    trainSteps: 2,
    epsilon: 4 / 255,
    alpha: 1 / 255,
    attacks: ["fgsm", "pgd-20", "apgd-ce-20", "apgd-t-10", "square-100"],
  }),
  "wasm",
);

slowTest(
  "wasm: runCell() under strong attacks: never weaker than a member, APGD-CE no weaker than PGD",
  async () => {
    const backend = await openBackend("wasm");
    const { outcome } = await runCell(cell!, dataset, { backend });
    const { clean, byAttack, worstCase } = outcome.test!;
    const names = Object.keys(byAttack);
    assertEquals(names, cell!.config.evaluation.attacks);
    assert(clean.correct > 0.2 * testRows, `${clean.correct} right`);
    assert(worstCase!.correct < clean.correct);
    const worst = unpackBits(worstCase!.bits, testRows);
    const all = [clean, ...Object.values(byAttack)].map(({ bits }) =>
      unpackBits(bits, testRows)
    );
    worst.forEach((right, row) =>
      assertEquals(right, all.every((bits) => bits[row]), `image ${row}`)
    );
    // The required bound: at most one point above PGD on the same weights.
    assert(
      byAttack["apgd-ce-20"]!.correct <=
        byAttack["pgd-20"]!.correct + 0.01 * testRows,
      `${byAttack["apgd-ce-20"]!.correct} after ${byAttack["pgd-20"]!.correct}`,
    );
    // Only images that are classified correctly can be lost to an attack.
    for (const name of ["apgd-ce-20", "apgd-t-10", "square-100"]) {
      const bits = unpackBits(byAttack[name]!.bits, testRows);
      const before = unpackBits(clean.bits, testRows);
      bits.forEach((right, row) => assert(!right || before[row], name));
      assert(byAttack[name]!.correct < clean.correct, name);
    }
    const flags = outcome.flags.map(({ flag }) => flag);
    assert(!flags.includes("randomized-model"), flags.join());
    assert(!flags.includes("softmax-output"), flags.join());
    assert(!flags.includes("perturbation-exceeds-epsilon"), flags.join());
  },
);
