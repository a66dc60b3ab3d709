import {
  BackendError,
  messageOf,
  quotation,
  UsageError,
} from "../core/errors.ts";
import { version } from "../results/versions.ts";
import { analyseCommand } from "./analyse.ts";
import { backendsCommand } from "./backends.ts";
import type { Command } from "./command.ts";
import { compareCommand } from "./compare.ts";
import { dataCommand } from "./data.ts";
import { duplicatesCommand } from "./duplicates.ts";
import { exportCommand } from "./export.ts";
import { describeOptions, nearest, readFlags } from "./flags.ts";
import { gaussianCommand } from "./gaussian.ts";
import { mergeCommand } from "./merge.ts";
import { reportCommand } from "./report.ts";
import { stepTimeCommand } from "./step_time.ts";
import { studiesCommand } from "./studies.ts";
import { sweepCommand } from "./sweep.ts";
import { verifyCommand } from "./verify.ts";

/** All commands, in the order of the help text. */
export const commands: readonly Command[] = [
  sweepCommand,
  studiesCommand,
  verifyCommand,
  mergeCommand,
  compareCommand,
  analyseCommand,
  exportCommand,
  reportCommand,
  gaussianCommand,
  backendsCommand,
  dataCommand,
  duplicatesCommand,
  stepTimeCommand,
];

/**
 * Runs the command line.
 *
 * @param args Words behind the program's name.
 * @returns The exit code: 2 for the user's mistakes, 1 for anything else that
 * went wrong.
 */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === "--version") {
      console.log(`dupbench ${version}`);
      return 0;
    }
    if (name === undefined) {
      console.error(describeCommands());
      return 2;
    }
    if (isHelp(name) || name === "help") {
      const [about] = rest;
      console.log(
        about === undefined
          ? describeCommands()
          : describeCommand(findCommand(about)),
      );
      return 0;
    }
    const command = findCommand(name);
    if (rest.some(isHelp)) {
      console.log(describeCommand(command));
      return 0;
    }
    const { options, operands } = command;
    return await command.run(readFlags(options, rest, { operands }), rest);
  } catch (error) {
    if (error instanceof UsageError || error instanceof BackendError) {
      console.error(messageOf(error));
      return 2;
    }
    console.error(error instanceof Error ? error.stack : String(error));
    return 1;
  }
}

const isHelp = (word: string) => word === "--help" || word === "-h";

function findCommand(name: string): Command {
  const command = commands.find((command) => command.name === name);
  if (command !== undefined) return command;
  const names = commands.map(({ name }) => name);
  const near = nearest(name, names);
  throw new UsageError(
    `Unknown command "${quotation(name)}": ${
      near ? `did you mean "${near}"?` : `it must be one of ${names.join(", ")}`
    }`,
  );
}

function describeCommands(): string {
  const list = commands.map(({ name, summary }) =>
    `  ${name.padEnd(10)} ${summary}`
  ).join("\n");
  return `dupbench ${version}: what duplicated training images do to an image classifier

Usage: deno task COMMAND [options]

${list}

"deno task COMMAND --help" lists the options of a command.`;
}

function describeCommand(
  { name, summary, usage = "[options]", options, operands, help, examples }:
    Command,
): string {
  const parts = [
    summary,
    `Usage: deno task ${name} ${usage}`,
    describeOptions(options, { operands }),
    ...(help === undefined ? [] : [help]),
    [
      "Examples:",
      ...examples.map((words) => `  deno task ${name} ${words}`.trimEnd()),
    ].join("\n"),
  ];
  return parts.join("\n\n");
}
