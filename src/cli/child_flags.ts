import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { cacheFolder } from "./cache_folder.ts";
import { webAddress } from "../core/fetch_text_bytes.ts";
import { writablePath } from "../core/writable_path.ts";

/** One call of the command line, as `deno task` makes it. */
export interface Call {
  /** Name of the command. */
  readonly name: string | undefined;
  /** The words after it. */
  readonly words: readonly string[];
  /** Folder at which relative paths start. */
  readonly cwd: string;
  /** Path of the running Deno. */
  readonly deno: string;
  /** The environment, which says where caches are. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What a command writes and starts; a command that is not listed does neither. */
interface Needs {
  /** What `--out` names: a file, whose folder is written, or a folder. */
  readonly out?: "file" | "folder";
  /** Without `--out`: a folder, or that of the file that is read. */
  readonly fallback?: string | "source";
  /** Other options that name a file, whose folder is written, or a folder. */
  readonly also?: Readonly<Record<string, "file" | "folder">>;
  /** An option with which files leave the data folder. */
  readonly moves?: string;
  /** Whether it keeps decoded images. */
  readonly caches?: true;
  /** Whether it reads from addresses of the web that the call names. */
  readonly web?: true;
  /** Programs that it starts. */
  readonly run?: readonly ("deno" | "git")[];
}

const needs: Readonly<Record<string, Needs>> = {
  data: { caches: true },
  sweep: {
    caches: true,
    out: "file",
    fallback: "results/local",
    also: { "--export-weights": "folder" },
    run: ["deno", "git"],
  },
  study: {
    caches: true,
    out: "file",
    fallback: "results/local",
    run: ["deno", "git"],
  },
  verify: { web: true, run: ["deno"] },
  merge: { out: "file", fallback: "results/local", run: ["git"] },
  compare: { out: "folder", fallback: "results/comparison" },
  analyse: { out: "file", fallback: "source" },
  export: { out: "file", fallback: "source" },
  report: { web: true, out: "folder", fallback: "results/local/report" },
  page: { web: true, out: "file", fallback: "results/local" },
  gaussian: { out: "file", fallback: "results/local" },
  duplicates: {
    caches: true,
    also: {
      "--html": "folder",
      "--remove-list": "file",
      "--cleaned": "file",
      "--move": "folder",
    },
    moves: "--move",
  },
};

/**
 * The permissions of a command's process, as flags of `deno run`: reading, the
 * environment, system facts, writing to the folders that the call names and
 * nowhere else, and starting only the programs that the command needs. Of the
 * network, only the hosts of result sets that the call names by their address.
 */
export async function childFlags(call: Call): Promise<string[]> {
  const { run, web } = needs[call.name ?? ""] ?? {};
  const hosts = web
    ? call.words.flatMap((word) => webAddress(word)?.host ?? [])
    : [];
  const folders = await writtenFolders(call);
  return [
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    ...(folders.length === 0
      ? []
      : [`--allow-write=${folders.map(writablePath).join(",")}`]),
    ...(hosts.length === 0
      ? []
      : [`--allow-net=${[...new Set(hosts)].join(",")}`]),
    ...(run === undefined ? [] : [
      `--allow-run=${
        run.map((name) => name === "deno" ? call.deno : name).join(",")
      }`,
    ]),
  ];
}

async function writtenFolders(
  { name, words, cwd, env = {} }: Call,
): Promise<string[]> {
  const { out, fallback, also = {}, moves, caches } = needs[name ?? ""] ?? {};
  const folders: (string | undefined)[] = [];
  const add = (path: string | undefined, kind: "file" | "folder") =>
    folders.push(
      path !== undefined && kind === "file"
        ? dirname(resolve(cwd, path))
        : path,
    );
  if (out !== undefined) {
    const target = valueOf(words, "--out", "-o");
    const source = fallback === "source"
      ? await firstFile(words, cwd)
      : fallback;
    if (target !== undefined) add(target, out);
    else add(source, fallback === "source" ? "file" : "folder");
  }
  for (const [flag, kind] of Object.entries(also)) {
    add(valueOf(words, flag), kind);
  }
  if (moves !== undefined && valueOf(words, moves) !== undefined) {
    const from = valueOf(words, "--data") ?? valueOf(words, "--data-dir") ??
      operandOf(words);
    add(from, await isFile(from, cwd) ? "file" : "folder");
  }
  if (caches) {
    folders.push(cacheFolder(valueOf(words, "--cache"), { env, cwd }));
  }
  const written = folders.filter((path) => path !== undefined)
    .map((path) => resolve(cwd, path));
  return [...new Set(written)];
}

/** The value of a flag: `--out=V`, `--out V`, `-o V`, `-o=V` or `-oV`. */
function valueOf(
  words: readonly string[],
  flag: string,
  short?: string,
): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === flag || word === short) return words[i + 1];
    if (word.startsWith(`${flag}=`)) return word.slice(flag.length + 1);
    if (short !== undefined && /^-[^-]/.test(word) && word.startsWith(short)) {
      return word.slice(short.length).replace(/^=/, "");
    }
  }
  return undefined;
}

/** Options of commands that move files which take no value. */
export const switches: readonly string[] = ["near", "mirrored", "json"];

/** The first word that is neither an option nor the value of one. */
function operandOf(words: readonly string[]): string | undefined {
  return words.find((word, i) => {
    const before = words[i - 1];
    if (word.startsWith("-")) return false;
    return before === undefined || !before.startsWith("-") ||
      before.includes("=") ||
      switches.includes(before.replace(/^--(no-)?/, ""));
  });
}

/** The first word that is the path of a file. */
async function firstFile(
  words: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  for (const word of words) {
    if (word.startsWith("-")) continue;
    if (await isFile(word, cwd)) return resolve(cwd, word);
  }
  return undefined;
}

async function isFile(path: string | undefined, cwd: string): Promise<boolean> {
  if (path === undefined) return false;
  const info = await stat(resolve(cwd, path)).catch(() => null);
  return info?.isFile() ?? false;
}
