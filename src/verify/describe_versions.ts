import { provenancesOf } from "../results/provenances_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import {
  computingVersions,
  packageVersions,
  version,
} from "../results/versions.ts";
import { engineOf } from "../results/engine_of.ts";
import { engine } from "../core/runtime/engine.ts";

/**
 * Names the versions that differ from those a set was recorded with, because they
 * may explain different numbers: of dupbench, of the engine and of the packages
 * that compute.
 *
 * @returns One line, or none if all versions are equal.
 */
export function describeVersions(set: ResultSet): string[] {
  const backends = new Set(set.cells.map(({ config }) => config.backend));
  const here = { dupbench: version, packages: packageVersions() };
  const others = new Set<string>();
  for (const provenance of provenancesOf(set)) {
    const { name, version: there } = engineOf(provenance);
    if (name !== engine.name || there !== engine.version) {
      others.add(`${name} ${there} (here ${engine.name} ${engine.version})`);
    }
    for (const backend of backends) {
      const ours = computingVersions(here, backend);
      const theirs = computingVersions(provenance, backend);
      for (const [name, recorded] of Object.entries(theirs)) {
        // Sets of version 0.1 have the path of a module after some versions.
        const [there] = recorded.split("/");
        if (!Object.hasOwn(ours, name) || there === ours[name]) continue;
        others.add(`${name} ${there} (here ${ours[name]})`);
      }
    }
  }
  return others.size === 0 ? [] : [
    `recorded with other versions, which may be the cause: ${
      [...others].join(", ")
    }`,
  ];
}
