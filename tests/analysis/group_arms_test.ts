import { assert, assertEquals } from "@std/assert";
import { nameArm } from "../../src/analysis/arm.ts";
import { type ArmRuns, groupArms } from "../../src/analysis/group_arms.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { axes, coordinates } from "../../src/spec/axes.ts";
import type { Axis } from "../../src/spec/axis.ts";
import { type BackendName, backendNames } from "../../src/spec/backends.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { finishedCell } from "../results/finished_cell.ts";
import { plainArm } from "./_plain_arm.ts";

/** The arms of a study that was run; outcomes do not matter here. */
function armsOf(
  fields: Partial<StudyInput>,
  backends: readonly BackendName[] = ["wasm"],
): ArmRuns[] {
  const study = parseStudy({
    name: "arms",
    policy: ["uniform"],
    ratios: [0, 0.5],
    budget: ["steps"],
    seeds: [1, 2],
    ...fields,
  });
  return groupArms(backends.map((backend) => ({
    dataset: { sha256: "d" },
    cells: planCells(study, backend).map((cell) => ({
      ...finishedCell(1),
      ...cell,
    })),
  })) as unknown as ResultSet[]);
}

const distinct = (values: readonly unknown[]) => new Set(values).size;

/** Values of an axis that one study can have, and what else they need. */
function valuesOf(
  { key, terms }: Axis,
): [unknown[], Partial<StudyInput>] {
  // An axis of numbers has no words for them.
  const values = terms !== undefined
    ? Object.keys(terms)
    : key === "conflict"
    ? [0, 0.5, 1]
    : key === "multiplicity"
    ? [1, 5, 10]
    : key === "drawTrain"
    ? ["all", 20, 50]
    : [0.5, 1, 2];
  return key === "multiplicity"
    ? [values, { policy: ["concentrated"] }]
    : key === "policy"
    ? [values, { ratios: [0, 1], class: 1 }]
    : [values, key === "standIn" ? { budget: ["epochs"] } : {}];
}

for (const axis of axes as readonly Axis[]) {
  const { field, role } = axis;
  if (role !== "condition" && role !== "duplication") continue;
  Deno.test(
    `groupArms() separates ${
      role === "condition" ? "protocols" : "arms of one protocol"
    } by ${field}`,
    () => {
      const [values, more] = valuesOf(axis);
      const arms = armsOf({ ...more, [field]: values });
      assertEquals(arms.length, values.length);
      assertEquals(
        distinct(arms.map(({ arm }) => nameArm(arm))),
        values.length,
      );
      assertEquals(
        distinct(arms.map(({ protocol }) => protocol)),
        role === "condition" ? values.length : 1,
      );
      // The arms of one protocol share its ratio 0, seed by seed.
      const baselines = arms.flatMap(({ seeds }) =>
        [...seeds.values()].map((cells) => cells.get(0)!.id)
      );
      assertEquals(
        distinct(baselines),
        2 * (role === "condition" ? values.length : 1),
      );
    },
  );
}

Deno.test("groupArms() separates protocols by backend", () => {
  const arms = armsOf({}, backendNames);
  assertEquals(arms.length, backendNames.length);
  assertEquals(
    distinct(arms.map(({ protocol }) => protocol)),
    backendNames.length,
  );
});

Deno.test("groupArms() gives an arm a value of every coordinate but ratio and seed", () => {
  const [{ arm }] = armsOf({}) as [ArmRuns];
  assertEquals(
    Object.keys(arm).sort(),
    coordinates.map(({ key }) => key as string)
      .filter((key) => key !== "ratio" && key !== "seed").sort(),
  );
  assertEquals({ ...arm }, plainArm);
});

Deno.test("groupArms() separates protocols by the options of the augmentation and by mirror images", () => {
  const plain = armsOf({})[0]!.protocol;
  const protocols = ([
    { cropPadding: 2 },
    { border: "reflect" },
    { flip: "alternating" },
    { cutout: 8 },
    { testFlip: true },
  ] satisfies Partial<StudyInput>[]).map((fields) => {
    const arms = armsOf(fields);
    assertEquals(arms.length, 1);
    return arms[0]!.protocol;
  });
  assertEquals(distinct([plain, ...protocols]), 6);
  // How copies are augmented is of the arm.
  const [same] = armsOf({ cutout: 8, augmentCopies: "same" });
  assertEquals(same!.protocol, protocols[3]);
});

Deno.test("groupArms() separates arms by the numbers of their policy, and kinds of near copies", () => {
  for (
    const [first, second] of [
      [{ policy: ["single-class"], class: 1 }, {
        policy: ["single-class"],
        class: 2,
      }],
      [{ policy: ["concentrated"], multiplicity: 2 }, {
        policy: ["concentrated"],
      }],
      [{ copies: ["near"], nearKinds: ["flip"] }, { copies: ["near"] }],
      [{ plans: "anew" }, { plans: "nested" }],
    ] satisfies [Partial<StudyInput>, Partial<StudyInput>][]
  ) {
    const setOf = (fields: Partial<StudyInput>) => ({
      dataset: { sha256: "d" },
      cells: planCells(
        parseStudy({ name: "arms", ratios: [0, 0.5], ...fields }),
        "wasm",
      ).map((cell) => ({ ...finishedCell(1), ...cell })),
    });
    const arms = groupArms(
      [setOf(first), setOf(second)] as unknown as ResultSet[],
    );
    assertEquals(arms.length, 2);
    assertEquals(arms[0]!.protocol, arms[1]!.protocol);
    // The multiplicity is a coordinate, too; nothing else tells these apart.
    const [one, two] = arms.map(({ arm }) => ({ ...arm, multiplicity: null }));
    assertEquals(one, two);
    assert(arms.every(({ seeds }) => seeds.get(1)!.has(0)));
  }
});
