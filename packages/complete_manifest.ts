import map from "../import_map.json" with { type: "json" };

/**
 * The `package.json` of a package with its version and, for the packages that
 * its modules load and that are no peers, the exact versions of the import map.
 *
 * @param text The file in the package's folder.
 * @param options `packages`: specifiers that the modules load.
 */
export function completeManifest(
  text: string,
  { version, packages }: { version: string; packages: readonly string[] },
): string {
  const { name, peerDependencies, ...rest } = JSON.parse(text) as {
    name: string;
    peerDependencies?: Record<string, string>;
  };
  const dependencies: Record<string, string> = {};
  if (peerDependencies === undefined) {
    for (const specifier of packages) {
      const [, own] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier)!;
      dependencies[own!] = pinnedVersion(own!);
    }
  }
  const hasAny = Object.keys(dependencies).length > 0;
  return JSON.stringify(
    {
      name,
      version,
      ...rest,
      ...(peerDependencies && { peerDependencies }),
      ...(hasAny && { dependencies }),
    },
    null,
    2,
  ) + "\n";
}

/** @throws {RangeError} If the import map does not pin it. */
function pinnedVersion(name: string): string {
  for (const target of Object.values(map.imports)) {
    const [, found, version] = /^npm:\/?((?:@[^/]+\/)?[^/@]+)@([^/]+)/
      .exec(target) ?? [];
    if (found === name) return version!;
  }
  throw new RangeError(`The import map must pin "${name}", got no version`);
}
