import { assert } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";
import { writePackages } from "../../packages/write_packages.ts";

/** What a program printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A folder of a user, with packages from npm and from the tarballs. */
export interface UserFolder {
  readonly path: string;
  /** Runs a program there; it must succeed, unless its code is asked for. */
  run(command: string, ...args: string[]): Promise<Printed>;
}

const sources = fromFileUrl(new URL("./user/", import.meta.url));

/**
 * Installs packages with npm into an empty folder, runs with it, and removes it.
 *
 * @param wanted Packages: of the project by name, others as npm takes them.
 * @param use Told how long the installation took, in seconds.
 */
export async function inUserFolder(
  wanted: readonly string[],
  use: (folder: UserFolder, seconds: number) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    const tarballs = new Map(
      (await writePackages(path)).map(({ name, path }) => [name, path]),
    );
    await Deno.writeTextFile(
      `${path}/package.json`,
      '{ "private": true, "type": "module" }\n',
    );
    for await (const { name } of Deno.readDir(sources)) {
      await Deno.copyFile(`${sources}${name}`, `${path}/${name}`);
    }
    const run = async (command: string, ...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(command, {
        args,
        cwd: path,
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    const start = performance.now();
    const flags = ["--no-audit", "--no-fund", "--prefer-offline"];
    const packages = wanted.map((name) => tarballs.get(name) ?? name);
    const installed = await run("npm", "install", ...flags, ...packages);
    assert(installed.code === 0, installed.stderr);
    await use({
      path,
      async run(...words) {
        const printed = await run(...words);
        assert(printed.code === 0, `${words.join(" ")}: ${printed.stderr}`);
        return printed;
      },
    }, (performance.now() - start) / 1000);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
