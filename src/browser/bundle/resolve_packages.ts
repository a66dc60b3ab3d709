import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** A package of npm as `deno info --json` describes it. */
interface PackageInfo {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Lets esbuild find packages where Deno keeps them: of our own modules, the
 * versions of the import map; of a package, those of `deno.lock`. It makes
 * folders of links for that, which `close` removes.
 *
 * @param entry A module from which the packages are reached.
 */
export async function resolvePackages(
  entry: string,
): Promise<{ plugin: Plugin; close(): Promise<void> }> {
  const packages = await listPackages(entry);
  const own = await readImportMap();
  const folder = await mkdtemp(join(tmpdir(), "dupbench-bundle-"));
  const ids = new Map(
    Object.entries(packages).map(([id, { localPath }]) => [localPath, id]),
  );
  const folders = new Map<string, Promise<string>>();
  const wantedBy = (id: string) => id === "" ? own : packages[id]!.dependencies;
  const namesFor = (id: string) =>
    wantedBy(id).map((one) => one.replace(/(?<=.)@.*/, ""));
  const linkAll = async (id: string): Promise<string> => {
    const base = join(folder, id.replaceAll("/", "+") || "own");
    for (const one of wantedBy(id)) {
      const found = packages[one] ??
        Object.values(packages).find(({ name, version }) =>
          `${name}@${version}` === one
        );
      if (found === undefined) continue;
      const link = join(base, "node_modules", found.name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(found.localPath, link);
    }
    return base;
  };
  const plugin: Plugin = {
    name: "packages",
    setup(build) {
      build.onResolve({ filter: /^[@a-z]/ }, async (args) => {
        if (args.pluginData === folder || args.path.startsWith("node:")) {
          return undefined;
        }
        const path = [...ids.keys()].find((path) =>
          args.importer.startsWith(`${path}/`)
        );
        const id = path === undefined ? "" : ids.get(path)!;
        // Of others, such as "fs", the package says what a browser has instead.
        const name = /^(?:@[^/]+\/)?[^/]+/.exec(args.path)![0];
        if (!namesFor(id).includes(name)) return undefined;
        if (!folders.has(id)) folders.set(id, linkAll(id));
        return await build.resolve(args.path, {
          resolveDir: await folders.get(id)!,
          kind: args.kind,
          importer: args.importer,
          pluginData: folder,
        });
      });
    },
  };
  return { plugin, close: () => rm(folder, { recursive: true }) };
}

async function listPackages(
  entry: string,
): Promise<Record<string, PackageInfo>> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--lock=deno.lock", entry],
    cwd: root,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno info cannot read "${entry}"`);
  return JSON.parse(new TextDecoder().decode(stdout)).npmPackages;
}

/** Names with versions, as `zod@4.6.7`. */
async function readImportMap(): Promise<string[]> {
  const { imports } = JSON.parse(
    await Deno.readTextFile(`${root}import_map.json`),
  ) as { imports: Record<string, string> };
  const names = Object.values(imports).flatMap((target) =>
    /^npm:\/?((?:@[^/]+\/)?[^/@]+@[^/]+)/.exec(target)?.[1] ?? []
  );
  return [...new Set(names)];
}
