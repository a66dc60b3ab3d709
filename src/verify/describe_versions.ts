import { provenancesOf } from "../results/provenances_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import { packageVersions, version } from "../results/versions.ts";

/**
 * Names the versions that are others here than where a set was recorded: they
 * may explain why numbers differ. Packages that only one of the two has are
 * passed over, as tools for development come and go.
 *
 * @returns A line, or none where all are the same.
 */
export function describeVersions(set: ResultSet): string[] {
  const here: Record<string, string> = {
    dupbench: version,
    deno: Deno.version.deno,
    ...packageVersions(),
  };
  const others = new Set<string>();
  for (const { dupbench, deno, packages } of provenancesOf(set)) {
    for (
      const [name, recorded] of Object.entries({ dupbench, deno, ...packages })
    ) {
      // Sets of version 0.1 have a module's path behind some versions.
      const [there] = recorded.split("/");
      if (!Object.hasOwn(here, name) || there === here[name]) continue;
      others.add(`${name} ${there} (here ${here[name]})`);
    }
  }
  return others.size === 0 ? [] : [
    `recorded with other versions, which may explain it: ${
      [...others].join(", ")
    }`,
  ];
}
