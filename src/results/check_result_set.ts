import type { BackendName } from "../spec/backends.ts";
import { firstDifference } from "../core/first_difference.ts";
import { unpackBits } from "./bit_string.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "./result_set.ts";
import { cellId, isCounted, overfittingImagesAt } from "../spec/cell_config.ts";
import { contentName } from "../spec/content_name.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import { version } from "./versions.ts";
import { quotation, UsageError } from "../core/errors.ts";
import type { TestOutcome } from "./result_set_types.ts";
import { bestEpoch } from "./best_epoch.ts";
import { balancedCounts } from "./attacked_images.ts";
import { provenancesOf } from "./provenances_of.ts";
import { scoresOf } from "./scores_of.ts";
import { testsOf } from "./tests_of.ts";
import type { Findings } from "./findings.ts";

/**
 * Checks everything in a result set that needs neither data nor training: that it
 * holds exactly the cells of its study, in their order, each with the id of its
 * config; that a study whose name is a hash of its content, or that of a shipped
 * study, is that study; that counts and bits of each cell agree; and that the
 * digest is that of the content. A consistent forgery of all of these is found
 * only by running cells again.
 *
 * A failed cell is not a fault of the file; `verifyResultSet` reports it.
 *
 * @returns Faults, the most informative first.
 */
export function checkResultSet(set: ResultSet): Findings {
  const study = checkStudy(set);
  const faults = [
    ...checkCells(set),
    ...study.faults,
    ...checkAllCounts(set),
    ...checkLeaks(set.dataset),
    ...checkApart(set),
    ...checkSources(set),
    ...checkDigest(set),
  ];
  return { faults, notes: study.notes };
}

function checkAllCounts({ cells, dataset }: ResultSet): string[] {
  return cells.flatMap((cell) =>
    cell.status === "failed"
      ? []
      : checkCounts(cell, dataset).map((fault) => `cell ${cell.id}: ${fault}`)
  );
}

function checkLeaks(
  { leaksPerClass, testPerClass }: ResultSet["dataset"],
): string[] {
  if (leaksPerClass === undefined) return [];
  const fits = leaksPerClass.length === testPerClass.length &&
    leaksPerClass.every((leaks, c) => leaks <= testPerClass[c]!);
  return fits ? [] : [
    `dataset.leaksPerClass: expected at most ${
      testPerClass.join(", ")
    }, the test images, got ${leaksPerClass.join(", ")} in the file`,
  ];
}

/** Checks that each cell counts those images apart that the data set says. */
function checkApart({ cells, dataset, study }: ResultSet): string[] {
  const { apartPerClass } = dataset;
  if ((apartPerClass !== undefined) !== (study.leaks === "apart")) {
    return [
      `dataset.apartPerClass: expected ${
        study.leaks === "apart" ? "counts" : "none"
      } by the study, got ${apartPerClass?.join(", ") ?? "none"} in the file`,
    ];
  }
  const rows = apartPerClass?.reduce((sum, count) => sum + count, 0) ?? 0;
  return cells.flatMap((cell) => {
    if (cell.status === "failed") return [];
    const { leaked, test } = cell.outcome;
    const expected = test === null ? 0 : rows;
    return (leaked?.rows ?? 0) === expected &&
        (leaked?.correct ?? 0) <= expected
      ? []
      : [
        `cell ${cell.id}: outcome.leaked: expected ${expected} images, those that are counted apart, got ${
          leaked?.correct ?? 0
        } right of ${leaked?.rows ?? 0} in the file`,
      ];
  });
}

/**
 * Checks what a set says of where its cells are from: each that it took from a part,
 * an earlier set or an interrupted run is one of its finished cells and is named
 * once, and if the cells of all parts are recorded, they are all of its cells.
 */
function checkSources({ cells, parts = [], ...own }: ResultSet): string[] {
  const statuses = new Map(cells.map(({ id, status }) => [id, status]));
  const namesOf = (field: string, lists: readonly { cells: string[] }[]) =>
    lists.flatMap(({ cells }) => cells.map((id) => ({ field, id })));
  const faults = [own, ...parts].flatMap(({ resumed = [], reused = [] }) =>
    checkNamed(
      [...namesOf("reused", reused), ...namesOf("resumed", resumed)],
      ({ id, field }) =>
        statuses.get(id) === "failed"
          ? `failed in the set, so it cannot be ${field}`
          : undefined,
    )
  );
  const taken = parts.flatMap(({ cells }) =>
    cells === undefined ? [] : [{
      cells,
    }]
  );
  const named = namesOf("parts", taken);
  faults.push(...checkNamed(named, () => undefined));
  if (parts.length > 0 && taken.length === parts.length) {
    const all = new Set(named.map(({ id }) => id));
    const missing = cells.find(({ id }) => !all.has(id));
    if (missing !== undefined) {
      faults.push(`parts: cell ${missing.id} is of none of them`);
    }
  }
  return faults;

  /** The first fault in a list of cells that are said to be from elsewhere. */
  function checkNamed(
    names: ReturnType<typeof namesOf>,
    check: (name: { id: string; field: string }) => string | undefined,
  ): string[] {
    const seen = new Set<string>();
    for (const name of names) {
      const { id, field } = name;
      const fault = !statuses.has(id)
        ? "is not a cell of the set"
        : seen.has(id)
        ? "is named twice"
        : check(name);
      if (fault !== undefined) return [`${field}: cell ${id} ${fault}`];
      seen.add(id);
    }
    return [];
  }
}

function checkDigest(set: ResultSet): string[] {
  const digest = digestResultSet(set);
  return set.digest === digest ? [] : [
    `digest: expected ${digest}, computed from the content, got ${set.digest} in the file: the study, the data set or a cell was edited`,
  ];
}

function checkCells(set: ResultSet): string[] {
  const { study, shard, cells } = set;
  const faults = checkIds(cells);
  if (faults.length > 0) return faults;
  const backend = backendOf(set);
  if (backend === undefined) {
    const found = [...new Set(cells.map(({ config }) => config.backend))];
    return [
      `backend: expected ${
        study.backend === "auto" ? "one" : study.backend
      } for all cells, got ${found.join(", ")}`,
    ];
  }
  const ids = cells.map(({ id }) => id);
  const present = new Set(ids);
  const planned = planCells(study, backend).map(({ id }) => id);
  const wanted = new Set(planned);
  const extra = ids.filter((id) => !wanted.has(id));
  if (extra.length > 0) {
    return [
      `study: ${extra.length} of the ${ids.length} cells do not belong to it, the first ${
        extra[0]
      }: the study was edited, or cells of another study were added`,
    ];
  }
  if (shard !== undefined) {
    const { index, count } = shard;
    if (index > count || count > planned.length) {
      return [
        `shard: expected 1/1 to ${planned.length}/${planned.length}, got ${index}/${count}`,
      ];
    }
  } else if (ids.length < planned.length) {
    // Which cells belong to a shard depends on estimates, and thus on the data.
    const missing = planned.filter((id) => !present.has(id));
    return [
      `${missing.length} of the ${planned.length} cells of the study are missing, the first ${
        missing[0]
      }`,
    ];
  }
  if (ids.length === 0) return ["cells: expected at least one, got none"];
  const inOrder = planned.filter((id) => present.has(id));
  const at = ids.findIndex((id, i) => id !== inOrder[i]);
  return at < 0 ? [] : [
    `cell ${ids[at]} is out of order: expected ${
      inOrder[at]
    } in its place, by the order of the study`,
  ];
}

/** Checks that each cell has the id of its config, and occurs once. */
function checkIds(cells: ResultSet["cells"]): string[] {
  const faults = cells.flatMap(({ id, config }) => {
    const expected = cellId(config);
    return id === expected ? [] : [
      `cell ${id}: id: expected ${expected}, the hash of its config, got ${id} in the file: the config was edited, or belongs to another cell`,
    ];
  });
  const seen = new Set<string>();
  const twice = cells.find(({ id }) => seen.has(id) || !seen.add(id));
  return twice === undefined || faults.length > 0
    ? faults
    : [`cell ${twice.id} occurs twice`];
}

/**
 * The backend of all cells; none if there are several, or it is not the one that
 * the study asks for. An empty set may have any: its cells are missing.
 */
function backendOf({ study, cells }: ResultSet): BackendName | undefined {
  const asked = study.backend === "auto" ? undefined : study.backend;
  const backend = cells[0]?.config.backend ?? asked ?? "wasm";
  const isOne = cells.every(({ config }) => config.backend === backend);
  return isOne && backend === (asked ?? backend) ? backend : undefined;
}

/** Checks studies that are named by a hash of their content, or as shipped ones. */
function checkStudy(set: ResultSet): Findings {
  const { study } = set;
  const shipped = own(namedStudies, study.name);
  if (shipped !== undefined) {
    const found = firstDifference(shipped, study);
    if (found === null) return { faults: [], notes: [] };
    const differs =
      `study.${found.field}: expected ${found.expected} as in the study "${study.name}" of dupbench ${version}, got ${found.got} in the file`;
    // Shipped studies may change between versions; then the file is right.
    const versions = new Set(
      provenancesOf(set).map(({ dupbench }) => dupbench),
    );
    return versions.has(version)
      ? {
        faults: [`${differs}: it was edited, or is another study of that name`],
        notes: [],
      }
      : {
        faults: [],
        notes: [`${differs}, recorded with ${[...versions].join(", ")}`],
      };
  }
  const [, base] = /^(.+)-[0-9a-f]{8}$/.exec(study.name) ?? [];
  // A study file may have such a name by chance, so only known names count.
  if (base === undefined || base !== "sweep" && !own(namedStudies, base)) {
    return { faults: [], notes: [] };
  }
  const expected = contentName(base, study);
  return {
    faults: study.name === expected ? [] : [
      `study.name: expected "${expected}", computed from the study, got "${study.name}" in the file: the study was edited`,
    ],
    notes: [],
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string) {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * Requires that a set does not contradict itself, so that it can be counted,
 * drawn and exported: every cell is there once, under the id of its config, with
 * counts that agree with its bits and with the data set, and the digest is that of
 * the content. Whether the cells are those of the study is checked by
 * `checkResultSet`.
 *
 * @param path Its file, for the message.
 * @throws {UsageError} Naming the first fault.
 */
export function requireConsistent(set: ResultSet, path: string): void {
  if (digestResultSet(set) !== set.digest) {
    throw new UsageError(
      `"${path}" was changed after it was written: its digest does not match its content`,
    );
  }
  const [fault, ...more] = [
    ...checkIds(set.cells),
    ...checkAllCounts(set),
    ...checkLeaks(set.dataset),
    ...checkApart(set),
    ...checkSources(set),
  ];
  if (fault === undefined) return;
  const rest = more.length === 0 ? "" : `, and ${more.length} more`;
  throw new UsageError(
    `"${path}" is inconsistent: ${quotation(fault, 500)}${rest}`,
  );
}

/** A list of faults, and what adds one where two values differ. */
function collectFaults() {
  const faults: string[] = [];
  const compare = (field: string, expected: unknown, got: unknown) => {
    if (expected !== got) {
      faults.push(`${field}: expected ${expected}, got ${got} in the file`);
    }
  };
  return { faults, compare };
}

/**
 * Checks that counts and bits of one cell agree with each other, with its config
 * and with the images per class of the data set.
 *
 * @returns Faults, one line each, without the cell's id.
 */
export function checkCounts(
  { config, duplication, outcome, timing }: FinishedCell,
  dataset: Pick<ResultSet["dataset"], "testPerClass">,
): string[] {
  const { faults, compare } = collectFaults();
  compare(
    "duplication.copies",
    sum(duplication.copiesPerClass),
    duplication.copies,
  );

  const { conflicting } = duplication;
  compare(
    "duplication.conflicting",
    config.duplication.conflict === undefined ? "none" : "counts",
    conflicting === undefined ? "none" : "counts",
  );
  if (conflicting !== undefined) {
    compare(
      "duplication.conflicting.copiesPerLabel",
      duplication.copies,
      sum(conflicting.copiesPerLabel),
    );
    if (conflicting.copies > duplication.copies) {
      faults.push(
        `duplication.conflicting.copies: expected at most ${duplication.copies}, got ${conflicting.copies} in the file`,
      );
    }
  }

  const { epochs, divergedAtEpoch, test, train } = outcome;
  // An epoch that diverged has no loss and is not listed.
  compare("outcome.epochs", divergedAtEpoch ?? config.epochs, epochs.length);
  if (divergedAtEpoch !== null && divergedAtEpoch > config.epochs) {
    faults.push(
      `outcome.divergedAtEpoch: expected at most ${config.epochs}, got ${divergedAtEpoch} in the file`,
    );
  }
  // No digest covers times, but whoever reads them takes one for each epoch; an
  // epoch that diverged has one, too.
  if (timing.epochs.length < epochs.length) {
    compare("timing.epochs", epochs.length, timing.epochs.length);
  }
  epochs.forEach(({ correct }, epoch) =>
    compare(
      `outcome.epochs.${epoch}.correct`,
      isCounted(epoch, config) ? "a count" : "none",
      correct === undefined ? "none" : "a count",
    )
  );
  const absent = divergedAtEpoch !== null;
  compare("outcome.test", absent ? null : "counts", test && "counts");
  compare("outcome.train", absent ? null : "counts", train && "counts");
  compare(
    "outcome.averaged",
    absent || config.averageDecay === undefined ? "none" : "counts",
    outcome.averaged === undefined ? "none" : "counts",
  );
  faults.push(...checkValidation(outcome, config));
  for (const name of ["unique", "copies"] as const) {
    if (train === null || train[name].correct <= train[name].rows) continue;
    faults.push(
      `outcome.train.${name}.correct: expected at most ${
        train[name].rows
      }, got ${train[name].correct} in the file`,
    );
  }
  if (train !== null) faults.push(...checkTrainAttacks(train, config));
  if (test === null) return faults;
  epochs.forEach(({ correct = 0 }, epoch) => {
    if (correct <= test.rows) return;
    faults.push(
      `outcome.epochs.${epoch}.correct: expected at most ${test.rows}, got ${correct} in the file`,
    );
  });
  const last = epochs.at(-1)?.correct;
  if (last !== undefined) {
    compare(
      `outcome.epochs.${epochs.length - 1}.correct`,
      test.clean.correct,
      last,
    );
  }
  for (const { path, test } of testsOf(outcome)) {
    faults.push(...checkTest(test, { path, config, dataset }));
  }
  return faults;
}

/** Checks counts on training images, held out or not, and that the best epoch is best by them. */
function checkValidation(
  { epochs, divergedAtEpoch, best }: FinishedCell["outcome"],
  config: FinishedCell["config"],
): string[] {
  const { faults, compare } = collectFaults();
  const rows = config.dataset.validation;
  const isAttacked = config.training.name !== "standard";
  epochs.forEach(({ validation, overfitting }, epoch) => {
    const images = overfittingImagesAt(epoch, config);
    const looked = `outcome.epochs.${epoch}.overfitting`;
    compare(
      looked,
      images > 0 ? "counts" : "none",
      overfitting === undefined ? "none" : "counts",
    );
    for (const [name, value] of Object.entries(overfitting ?? {})) {
      const most = name === "images" ? images : overfitting!.images;
      if (value <= most) continue;
      faults.push(
        `${looked}.${name}: expected at most ${most}, got ${value} in the file`,
      );
    }
    const field = `outcome.epochs.${epoch}.validation`;
    const isExpected = rows !== undefined && isCounted(epoch, config);
    const wanted = isExpected ? "counts" : "none";
    compare(field, wanted, validation === undefined ? "none" : "counts");
    if (validation === undefined) return;
    const { correct, robust } = validation;
    compare(
      `${field}.robust`,
      isAttacked ? "a count" : "none",
      robust === undefined ? "none" : "a count",
    );
    for (const [name, value] of Object.entries({ correct, robust })) {
      if ((value ?? 0) <= (rows ?? 0)) continue;
      faults.push(
        `${field}.${name}: expected at most ${rows}, got ${value} in the file`,
      );
    }
  });
  compare(
    "outcome.best",
    rows === undefined || divergedAtEpoch !== null ? "none" : "counts",
    best === undefined ? "none" : "counts",
  );
  if (best !== undefined && faults.length === 0) {
    compare("outcome.best.epoch", bestEpoch(epochs), best.epoch);
  }
  return faults;
}

/** Checks what some weights make of the test images; `path`: where in the outcome. */
function checkTest(
  test: TestOutcome,
  { path, config, dataset }: {
    path: string;
    config: FinishedCell["config"];
    dataset: Pick<ResultSet["dataset"], "testPerClass">;
  },
): string[] {
  const { faults, compare } = collectFaults();
  compare(`outcome.${path}.rows`, sum(dataset.testPerClass), test.rows);
  compare(
    `outcome.${path}.rowsPerClass`,
    dataset.testPerClass.join(", "),
    test.rowsPerClass.join(", "),
  );
  compare(
    `outcome.${path}.byAttack`,
    [...config.evaluation.attacks].sort().join(", "),
    Object.keys(test.byAttack).sort().join(", "),
  );
  compare(
    `outcome.${path}.flipped`,
    config.evaluation.flip ? "counts" : "none",
    test.flipped === undefined ? "none" : "counts",
  );
  faults.push(...checkAttacked(test, { path, config, dataset }));
  const all = scoresOf(test);
  const right = new Map<string, boolean[]>();
  for (const { path: name, score, images } of all) {
    const { correct, correctPerClass, bits } = score;
    const field = `outcome.${path}.${name}`;
    try {
      const unpacked = unpackBits(bits, images.rows);
      right.set(name, unpacked);
      const count = unpacked.filter(Boolean).length;
      const byBits = `${count} by its bits`;
      if (correct !== count) compare(`${field}.correct`, byBits, correct);
      if (correctPerClass.length !== dataset.testPerClass.length) {
        compare(
          `${field}.correctPerClass`,
          `${dataset.testPerClass.length} classes`,
          correctPerClass.length,
        );
      }
      const total = sum(correctPerClass);
      if (total !== count) {
        compare(`${field}.correctPerClass`, `a sum of ${byBits}`, total);
      }
      const most = images.rowsPerClass;
      const above = correctPerClass.findIndex((right, c) => right > most[c]!);
      if (above >= 0) {
        faults.push(
          `${field}.correctPerClass.${above}: expected at most ${
            most[above]
          }, the images of the class, got ${
            correctPerClass[above]
          } in the file`,
        );
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      faults.push(`${field}.bits: ${error.message}`);
    }
  }
  const worst = right.get("worstCase");
  if (worst !== undefined && right.size === all.length) {
    const isPart = test.attacked !== undefined;
    const counted = all.map(({ path }) => path).filter((name) =>
      name.startsWith("byAttack.") || (name === "clean" && !isPart)
    );
    // Which of the clean bits are of images under attack, the data set says.
    const wrong = worst.findIndex((isRight, row) => {
      const isRobust = counted.every((name) => right.get(name)![row]);
      return isPart ? isRight && !isRobust : isRight !== isRobust;
    });
    if (wrong >= 0) {
      faults.push(
        `outcome.${path}.worstCase.bits: expected ${!worst[
          wrong
        ]} for image ${wrong}, by ${
          isPart ? "" : "clean and "
        }every attack, got ${worst[wrong]} in the file`,
      );
    }
  }
  return faults;
}

/** Checks which images the scores under attack count. */
function checkAttacked(
  { attacked, rows, worstCase }: TestOutcome,
  { path, config: { evaluation }, dataset }: {
    path: string;
    config: FinishedCell["config"];
    dataset: Pick<ResultSet["dataset"], "testPerClass">;
  },
): string[] {
  const { faults, compare } = collectFaults();
  const { attackImages } = evaluation;
  const field = `outcome.${path}.attacked`;
  compare(
    field,
    attackImages === undefined ? "none" : "counts",
    attacked === undefined ? "none" : "counts",
  );
  if (attacked === undefined || attackImages === undefined) return faults;
  if (attackImages > rows) {
    faults.push(
      `${field}.rows: expected at most ${rows}, the test images, got ${attackImages} in its config`,
    );
    return faults;
  }
  compare(`${field}.rows`, attackImages, attacked.rows);
  compare(
    `${field}.rowsPerClass`,
    balancedCounts(dataset.testPerClass, attackImages).join(", "),
    attacked.rowsPerClass.join(", "),
  );
  // Without it the worst case would have to be counted from the clean bits.
  compare(
    `outcome.${path}.worstCase`,
    "counts",
    worstCase === undefined ? "none" : "counts",
  );
  return faults;
}

/** Checks the counts under attack of the images trained on. */
function checkTrainAttacks(
  { byAttack, ...clean }: NonNullable<FinishedCell["outcome"]["train"]>,
  { evaluation }: FinishedCell["config"],
): string[] {
  const listed = (names: readonly string[]) => [...names].sort().join(", ");
  const expected = evaluation.attackTraining
    ? listed(evaluation.attacks)
    : "none";
  const got = byAttack === undefined ? "none" : listed(Object.keys(byAttack));
  if (got !== expected) {
    return [
      `outcome.train.byAttack: expected ${expected}, got ${got} in the file`,
    ];
  }
  return Object.entries(byAttack ?? {}).flatMap(([name, score]) =>
    (["unique", "copies"] as const).flatMap((part) => {
      const { rows, correct } = score[part];
      const field = `outcome.train.byAttack.${name}.${part}`;
      if (rows !== clean[part].rows) {
        return [
          `${field}.rows: expected ${
            clean[part].rows
          }, got ${rows} in the file`,
        ];
      }
      return correct <= rows ? [] : [
        `${field}.correct: expected at most ${rows}, got ${correct} in the file`,
      ];
    })
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
