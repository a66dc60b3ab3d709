import { fileURLToPath } from "node:url";

/** An import that a file of the project makes. */
export interface Import {
  /** The importing file, relative to the root: `src/core/digest.ts`. */
  from: string;
  /** A file of the project, relative to the root, or a package's name. */
  to: string;
  /** Whether `to` is a package: from npm, or built in (`node:`). */
  isPackage: boolean;
  /** Whether it is needed for types alone, and so is gone at run time. */
  isTypeOnly: boolean;
}

/** An import as `deno info --json` describes it. */
export interface Dependency {
  isDynamic?: boolean;
  code?: { specifier?: string; error?: string };
  type?: { specifier?: string; error?: string };
}

/** A module of the graph. */
export interface ModuleInfo {
  specifier: string;
  error?: string;
  dependencies?: Dependency[];
}

const root = new URL("../../", import.meta.url);

/** All TypeScript files below a folder, AssemblyScript sources apart. */
export function listSources(folder: string): string[] {
  const files: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) {
      // AssemblyScript is another language, which no module imports.
      if (name !== "assembly") files.push(...listSources(`${folder}${name}/`));
    } else if (name.endsWith(".ts")) files.push(`${folder}${name}`);
  }
  return files.sort();
}

/**
 * Runs Deno's own module graph on files of the project, so that what counts as
 * an import is what the runtime resolves: static and dynamic imports with a
 * literal specifier, re-exports and type imports.
 *
 * @param files Paths relative to the root.
 * @returns Every module that they reach.
 * @throws {Error} If a module cannot be read or resolved.
 */
export async function readGraph(files: string[]): Promise<ModuleInfo[]> {
  const folder = await Deno.makeTempDir();
  try {
    const entry = `${folder}/all.ts`;
    await Deno.writeTextFile(
      entry,
      files.map((file) => `import ${JSON.stringify(new URL(file, root))};\n`)
        .join(""),
    );
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          "info",
          "--json",
          `--lock=${fileURLToPath(new URL("deno.lock", root))}`,
          `--config=${fileURLToPath(new URL("deno.json", root))}`,
          entry,
        ],
      },
    ).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(text(stderr));
    const { modules }: { modules: ModuleInfo[] } = JSON.parse(text(stdout));
    const broken = modules.find(({ error }) => error !== undefined);
    if (broken) throw new Error(`${broken.specifier}: ${broken.error}`);
    return modules.filter(({ specifier }) => !specifier.endsWith(entry));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads the imports that files of the project make themselves. */
export async function readImports(files: string[]): Promise<Import[]> {
  const wanted = new Set(files);
  return (await readGraph(files)).flatMap(
    ({ specifier, dependencies = [] }) => {
      const from = nameOf(specifier).name;
      if (!wanted.has(from)) return [];
      return dependencies.flatMap(({ code, type }): Import[] => {
        const target = code?.specifier ?? type?.specifier;
        if (target === undefined) {
          throw new Error(`${from}: ${code?.error ?? type?.error}`);
        }
        const { name, isPackage } = nameOf(target);
        return [{ from, to: name, isPackage, isTypeOnly: code === undefined }];
      });
    },
  );
}

/** A specifier as the project's files call it. */
function nameOf(specifier: string): { name: string; isPackage: boolean } {
  if (specifier.startsWith(root.href)) {
    return { name: specifier.slice(root.href.length), isPackage: false };
  }
  // npm:/@scope/name@1.2.3/path and npm:name@1.2.3: the name alone.
  const npm = /^npm:\/?((?:@[^/]+\/)?[^/@]+)/.exec(specifier);
  return { name: npm?.[1] ?? specifier, isPackage: true };
}
