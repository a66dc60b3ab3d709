import { assert } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";
import { writePackages } from "../../packages/write_packages.ts";

/** What a program printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of a user, with packages from npm and from the tarballs. */
export interface UserFolder {
  readonly path: string;
  /** Seconds that npm took to install the packages. */
  readonly seconds: number;
  /** Runs a program there; it must succeed. */
  run(command: string, ...args: string[]): Promise<Printed>;
}

const sources = fromFileUrl(new URL("./user/", import.meta.url));
const made: string[] = [];

Deno.test.afterAll(async () => {
  for (const path of made) await Deno.remove(path, { recursive: true });
});

let tarballs: Promise<Map<string, string>> | undefined;

/** Paths of the tarballs by the names of their packages; built once. */
function buildTarballs(): Promise<Map<string, string>> {
  return tarballs ??= (async () => {
    const folder = await makeFolder();
    return new Map(
      (await writePackages(folder)).map(({ name, path }) => [name, path]),
    );
  })();
}

/** An empty folder, with a space in its path; removed after the tests. */
async function makeFolder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "a user " });
  made.push(path);
  return path;
}

/**
 * Installs packages with npm into an empty folder that has the programs of
 * `user/`, and removes it when the tests of the file have ended.
 *
 * @param wanted Packages: of the project by name, others as npm takes them.
 */
export async function installForUser(
  wanted: readonly string[],
): Promise<UserFolder> {
  const built = await buildTarballs();
  const path = await makeFolder();
  await Deno.writeTextFile(
    `${path}/package.json`,
    '{ "private": true, "type": "module" }\n',
  );
  for await (const { name } of Deno.readDir(sources)) {
    await Deno.copyFile(`${sources}${name}`, `${path}/${name}`);
  }
  const run = async (command: string, ...args: string[]) => {
    const ended = await new Deno.Command(command, { args, cwd: path }).output();
    const [stdout, stderr] = [ended.stdout, ended.stderr]
      .map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
    const call = [command, ...args].join(" ");
    assert(ended.code === 0, `${call}: ${ended.code}: ${stdout}${stderr}`);
    return { stdout, stderr };
  };
  const start = performance.now();
  const flags = ["--no-audit", "--no-fund", "--prefer-offline"];
  const packages = wanted.map((name) => built.get(name) ?? name);
  await run("npm", "install", ...flags, ...packages);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${wanted.join(", ")}: installed in ${seconds.toFixed(1)} s`);
  return { path, seconds, run };
}
