import map from "../import_map.json" with { type: "json" };

/** What a manifest says besides what its file does. */
export interface ManifestOptions {
  readonly version: string;
  /** Specifiers that the modules load. */
  readonly packages: Iterable<string>;
  /** Modules by subpath, relative to the package. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The fields that are added to. */
interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * The `package.json` of a package: its file with the version, the exports, and
 * the packages that the modules load, in the exact versions of the import map.
 * A package with peers has those alone.
 *
 * @param text The file in the package's folder.
 * @throws {RangeError} If the modules load a package that is neither.
 */
export function completeManifest(
  text: string,
  { version, packages, exports }: ManifestOptions,
): string {
  const { name, exports: more, ...rest } = JSON.parse(text) as Manifest;
  const names = new Set(
    Array.from(
      packages,
      (specifier) => /^((?:@[^/]+\/)?[^/]+)/.exec(specifier)![1]!,
    ),
  );
  const dependencies: Record<string, string> = {};
  for (const loaded of [...names].sort()) {
    if (rest.peerDependencies === undefined) {
      dependencies[loaded] = pinnedVersion(loaded);
    } else if (!Object.hasOwn(rest.peerDependencies, loaded)) {
      throw new RangeError(`${name} must have the peer "${loaded}", got none`);
    }
  }
  const full = {
    name,
    version,
    ...rest,
    exports: { ...describeExports(exports), ...more },
    ...(rest.peerDependencies === undefined && { dependencies }),
  };
  return JSON.stringify(full, null, 2) + "\n";
}

/** JavaScript and declarations of each subpath. */
function describeExports(exports: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(exports).map(([name, path]) => {
      const stem = path.replace(/\.ts$/, "");
      return [name, { types: `${stem}.d.ts`, default: `${stem}.js` }];
    }),
  );
}

function pinnedVersion(name: string): string {
  for (const target of Object.values(map.imports)) {
    const [, found, version] = /^npm:\/?((?:@[^/]+\/)?[^/@]+)@([^/]+)/
      .exec(target) ?? [];
    if (found === name) return version!;
  }
  throw new RangeError(`The import map must pin "${name}", got no version`);
}
