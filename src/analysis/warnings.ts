import { countOf } from "../core/count_of.ts";
import { canonicalJson } from "../core/digest.ts";
import { provenancesOf } from "../results/provenances_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import { computingVersions } from "../results/versions.ts";
import { nameArm } from "./arm.ts";
import type { ArmRuns } from "./group_arms.ts";
import { unevenLoadOf } from "./uneven_load.ts";

/**
 * What a reader must know before trusting result sets, one line each: cells that
 * failed, flags with the number of cells that raised them, times taken under
 * uneven load, versions that differ, and cells whose outcomes differ between files.
 */
export function warningsOf(sets: readonly ResultSet[]): string[] {
  const warnings: string[] = [];
  for (const set of sets) {
    const { study, cells } = set;
    const failed = cells.filter(({ status }) => status === "failed").length;
    if (failed > 0) {
      warnings.push(`${study.name}: ${failed} of ${cells.length} cells failed`);
    }
    const counts = new Map<string, number>();
    for (const cell of cells) {
      if (cell.status !== "finished") continue;
      const raised = new Set(
        cell.outcome.flags.map(({ flag, where }) => `${flag} (${where})`),
      );
      for (const flag of raised) counts.set(flag, (counts.get(flag) ?? 0) + 1);
    }
    for (const [flag, count] of counts) {
      warnings.push(
        `${study.name}: ${flag} in ${count} of ${cells.length} cells`,
      );
    }
    warnings.push(...unevenLoadOf(set));
  }
  warnings.push(...mixedVersionsOf(sets));
  const unlike = countUnlike(sets);
  if (unlike > 0) {
    warnings.push(
      `${
        countOf(unlike, "cell has", "cells have")
      } different outcomes in several files; those of the last file are used`,
    );
  }
  return warnings;
}

/**
 * Warns where sets, or parts of one, were recorded with different versions that decide
 * numbers: versions may then be the reason for a difference between their cells. One
 * line for all versions, or none.
 */
function mixedVersionsOf(sets: readonly ResultSet[]): string[] {
  /** Studies by version, by what has the version. */
  const found = new Map<string, Map<string, Set<string>>>();
  for (const set of sets) {
    const backends = new Set(set.cells.map(({ config }) => config.backend));
    for (const provenance of provenancesOf(set)) {
      for (const backend of backends) {
        const versions = computingVersions(provenance, backend);
        for (const [name, version] of Object.entries(versions)) {
          const byVersion = found.get(name) ?? new Map<string, Set<string>>();
          found.set(name, byVersion);
          const studies = byVersion.get(version) ?? new Set();
          byVersion.set(version, studies.add(set.study.name));
        }
      }
    }
  }
  const mixed = [...found].filter(([, { size }]) => size > 1);
  return mixed.length === 0 ? [] : [
    `these result sets were recorded with different versions, and differences between their cells may be due to that: ${
      mixed.map(([name, byVersion]) =>
        `${name} ${
          [...byVersion].map(([version, studies]) =>
            `${version} (${[...studies].join(", ")})`
          ).join(" and ")
        }`
      ).join("; ")
    }`,
  ];
}

/** Cells whose outcomes are not the same in all sets that have them finished. */
function countUnlike(sets: readonly ResultSet[]): number {
  const cells = sets.flatMap(({ cells }) =>
    cells.flatMap((cell) => cell.status === "finished" ? [cell] : [])
  );
  return [...Map.groupBy(cells, ({ id }) => id).values()].filter((of) =>
    of.length > 1 &&
    new Set(of.map(({ outcome }) => canonicalJson(outcome))).size > 1
  ).length;
}

/**
 * Seeds that lack a ratio or an arm, one line each: without ratio 0 they are left
 * out, without another ratio their slopes are over the rest, and means over arms are
 * of the seeds that have all of them.
 */
export function gapsOf(arms: readonly ArmRuns[]): string[] {
  const gaps = Map.groupBy(
    arms.flatMap((runs) =>
      lacksOf(runs).map((lack) => ({ lack, name: nameArm(runs.arm) }))
    ),
    ({ lack }) => lack,
  );
  return [
    ...[...gaps].map(([lack, of]) =>
      `${lack} (${of.length === 1 ? of[0]!.name : `${of.length} arms`})`
    ),
    ...[...Map.groupBy(arms, ({ protocol }) => protocol).values()]
      .flatMap(missingArms),
  ];
}

/** Arms that only some seeds of a protocol ran, one line for equal lacks. */
function missingArms(arms: readonly ArmRuns[]): string[] {
  const all = [
    ...new Set(
      arms.flatMap(({ seeds, unpaired, absent }) => [
        ...seeds.keys(),
        ...unpaired,
        ...absent,
      ]),
    ),
  ].sort((a, b) => a - b);
  const lacks = all.map((seed) => ({
    seed,
    names: arms.filter(({ seeds, unpaired }) =>
      !seeds.has(seed) && !unpaired.includes(seed)
    ).map(({ arm }) => nameArm(arm)),
  }));
  return [...Map.groupBy(lacks, ({ names }) => names.join("; "))]
    .flatMap(([names, of]) => {
      if (names === "") return [];
      const seeds = of.map(({ seed }) => seed).join(", ");
      return [
        `${of.length === 1 ? "seed" : "seeds"} ${seeds} ${
          of.length === 1 ? "lacks" : "lack"
        } ${
          of[0]!.names.length === 1
            ? `an arm that other seeds have (${names})`
            : `${of[0]!.names.length} arms that other seeds have`
        }; means over arms use the other seeds`,
      ];
    });
}

function lacksOf({ seeds, unpaired }: ArmRuns): string[] {
  const lacks = unpaired.map((seed) =>
    `seed ${seed} has no ratio 0 and is left out`
  );
  const ratios = new Set([...seeds.values()].flatMap((of) => [...of.keys()]));
  for (const [seed, cells] of seeds) {
    const missing = [...ratios].filter((ratio) => !cells.has(ratio))
      .sort((a, b) => a - b);
    if (missing.length === 0) continue;
    lacks.push(
      `seed ${seed} has no ratio ${
        missing.join(", ")
      }; its slope is over the other ratios`,
    );
  }
  return lacks;
}
