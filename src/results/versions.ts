import config from "../../deno.json" with { type: "json" };
import map from "../../import_map.json" with { type: "json" };

/** Version of dupbench. */
export const version: string = config.version;

/** Versions of the npm packages that dupbench pins, by package. */
export function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const target of Object.values(map.imports)) {
    const [, name, pinned] = /^npm:([^/].*)@([^@/]+)/.exec(target) ?? [];
    if (name !== undefined) versions[name] = pinned!;
  }
  return versions;
}
