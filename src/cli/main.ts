import { resolve } from "node:path";
import {
  BackendError,
  messageOf,
  quotation,
  UsageError,
} from "../core/errors.ts";
import { terminalText } from "../core/clean_text.ts";
import { version } from "../results/versions.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { describeFlags } from "./flag.ts";
import { describeCommand, describeCommands } from "./help.ts";
import { callIo, type Io, showPaths } from "./io.ts";
import { nameFlags } from "./name_flags.ts";
import { nearest } from "./nearest.ts";
import { readFlags } from "./read_flags.ts";
import { recordWords } from "./record_words.ts";

/**
 * Runs the command line in this process.
 *
 * @param args The words after the program's name. `-C FOLDER` before the name of
 * the command says where relative paths start, in place of `io.cwd`.
 * @param io Everything it does to the world besides files and processes.
 * @returns The exit code: 2 for mistakes of the user, 1 for anything else that
 * went wrong.
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  /** The fields that the command's flags stand for. */
  let fields: readonly string[] = [];
  io = cleanIo(io);
  try {
    const { folder, name, rest } = readWords(args);
    if (folder !== undefined) io = { ...io, cwd: resolve(io.cwd, folder) };
    if (name === "--version") {
      io.print(`dupbench ${version}`);
      return 0;
    }
    if (name === undefined) {
      io.note(describeCommands(commands));
      return 2;
    }
    const [about] = name === "help" ? rest : [];
    if (isHelp(name) || (name === "help" && about === undefined)) {
      io.print(describeCommands(commands));
      return 0;
    }
    const entry = findCommand(about ?? name);
    const command = await entry.load();
    if (about !== undefined || rest.some(isHelp)) {
      io.print(describeCommand(entry, command));
      return 0;
    }
    fields = describeFlags(command.options).map(({ field }) => field);
    return await command.call(
      readFlags(command.options, rest, command),
      callIo(io, recordWords(rest, io)),
    );
  } catch (error) {
    if (error instanceof UsageError || error instanceof BackendError) {
      const text = await nameFlags(error, fields);
      io.note(showPaths(text, io));
      if (error instanceof UsageError) {
        for (const line of error.details) {
          io.note(`  ${showPaths(messageOf(line), io)}`);
        }
      }
      return 2;
    }
    io.note(error instanceof Error ? error.stack! : String(error));
    return 1;
  }
}

/** Whatever is printed may quote files: control characters stay out of it. */
function cleanIo(io: Io): Io {
  return {
    ...io,
    print: (text) => io.print(terminalText(text)),
    note: (text) => io.note(terminalText(text)),
  };
}

/** Takes `-C FOLDER` off the front of the words. */
function readWords(
  args: readonly string[],
): { folder?: string; name?: string | undefined; rest: readonly string[] } {
  if (args[0] !== "-C") {
    const [name, ...rest] = args;
    return { name, rest };
  }
  const [, folder, name, ...rest] = args;
  if (!folder) throw new UsageError("-C needs a value: a folder");
  return { folder, name, rest };
}

const isHelp = (word: string) => word === "--help" || word === "-h";

function findCommand(name: string): CommandEntry {
  const entry = commands.find((entry) => entry.name === name);
  if (entry !== undefined) return entry;
  const names = commands.map(({ name }) => name);
  const near = nearest(name, names);
  throw new UsageError(
    `Unknown command "${quotation(name)}": ${
      near === undefined
        ? `it must be one of ${names.join(", ")}`
        : `did you mean "${near}"?`
    }`,
  );
}
