import { provenancesOf } from "../results/provenances_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import { packageVersions, version } from "../results/versions.ts";
import { engineOf } from "../results/engine_of.ts";
import { engine } from "../core/runtime/engine.ts";

/**
 * Names the versions that differ from those a set was recorded with, because they
 * may explain different numbers. Packages that are present on one side only are
 * ignored: they are mostly development tools.
 *
 * @returns One line, or none if all versions are equal.
 */
export function describeVersions(set: ResultSet): string[] {
  const here: Record<string, string> = {
    dupbench: version,
    [engine.name.toLowerCase()]: engine.version,
    ...packageVersions(),
  };
  const others = new Set<string>();
  for (const provenance of provenancesOf(set)) {
    const { dupbench, packages } = provenance;
    const { name, version: there } = engineOf(provenance);
    if (name !== engine.name) {
      others.add(
        `${name} ${there} (here ${engine.name} ${engine.version})`,
      );
    }
    const recordedVersions = {
      dupbench,
      [name.toLowerCase()]: there,
      ...packages,
    };
    for (const [name, recorded] of Object.entries(recordedVersions)) {
      // Sets of version 0.1 have the path of a module after some versions.
      const [there] = recorded.split("/");
      if (!Object.hasOwn(here, name) || there === here[name]) continue;
      others.add(`${name} ${there} (here ${here[name]})`);
    }
  }
  return others.size === 0 ? [] : [
    `recorded with other versions, which may be the cause: ${
      [...others].join(", ")
    }`,
  ];
}
