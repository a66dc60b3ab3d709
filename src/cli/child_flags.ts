import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
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
}

/** What a command writes and starts; a command that is not listed does neither. */
interface Needs {
  /** What `--out` names: a file, whose folder is written, or a folder. */
  readonly out?: "file" | "folder";
  /** Without `--out`: a folder, or that of the file that is read. */
  readonly fallback?: string | "source";
  /** Programs that it starts. */
  readonly run?: readonly ("deno" | "git")[];
}

const needs: Readonly<Record<string, Needs>> = {
  sweep: { out: "file", fallback: "results/local", run: ["deno", "git"] },
  verify: { run: ["deno"] },
  merge: { out: "file", fallback: "results/local", run: ["git"] },
  compare: { out: "folder", fallback: "results/comparison" },
  analyse: { out: "file", fallback: "source" },
  export: { out: "file", fallback: "source" },
  report: { out: "folder", fallback: "results/local/report" },
  page: { out: "file", fallback: "results/local" },
  gaussian: { out: "file", fallback: "results/local" },
};

/**
 * The permissions of a command's process, as flags of `deno run`: reading, the
 * environment, system facts, writing to the folders that the call names and
 * nowhere else, and starting only the programs that the command needs. Never the
 * network.
 */
export async function childFlags(call: Call): Promise<string[]> {
  const { out, run } = needs[call.name ?? ""] ?? {};
  const folders = out === undefined ? [] : await writtenFolders(call);
  return [
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    ...(folders.length === 0
      ? []
      : [`--allow-write=${folders.map(writablePath).join(",")}`]),
    ...(run === undefined ? [] : [
      `--allow-run=${
        run.map((name) => name === "deno" ? call.deno : name).join(",")
      }`,
    ]),
  ];
}

async function writtenFolders({ name, words, cwd }: Call): Promise<string[]> {
  const { out, fallback } = needs[name!]!;
  const target = valueOf(words, "--out", "-o");
  const source = fallback === "source" ? await firstFile(words, cwd) : fallback;
  const output = target === undefined
    ? (fallback === "source" && source !== undefined ? dirname(source) : source)
    : out === "file"
    ? dirname(resolve(cwd, target))
    : target;
  const weights = name === "sweep"
    ? valueOf(words, "--export-weights")
    : undefined;
  return [output, weights].filter((path) => path !== undefined)
    .map((path) => resolve(cwd, path));
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

/** The first word that is the path of a file. */
async function firstFile(
  words: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  for (const word of words) {
    if (word.startsWith("-")) continue;
    const path = resolve(cwd, word);
    if ((await stat(path).catch(() => null))?.isFile()) return path;
  }
  return undefined;
}
