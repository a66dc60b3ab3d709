import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import { version } from "../sweep/provenance.ts";
import { analyseCommand } from "./analyse.ts";
import { backendsCommand } from "./backends.ts";
import type { Command } from "./command.ts";
import { compareCommand } from "./compare.ts";
import { dataCommand } from "./data.ts";
import { duplicatesCommand } from "./duplicates.ts";
import { exportCommand } from "./export.ts";
import { describeOptions, readFlags } from "./flags.ts";
import { gaussianCommand } from "./gaussian.ts";
import { mergeCommand } from "./merge.ts";
import { reportCommand } from "./report.ts";
import { stepTimeCommand } from "./step_time.ts";
import { studiesCommand } from "./studies.ts";
import { sweepCommand } from "./sweep.ts";
import { verifyCommand } from "./verify.ts";

const commands: readonly Command[] = [
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
    if (name === undefined || name === "--help" || name === "help") {
      console.log(describeCommands());
      return name === undefined ? 2 : 0;
    }
    const command = commands.find((command) => command.name === name);
    if (command === undefined) {
      throw new UsageError(
        `Unknown command "${name}": it must be one of ${
          commands.map(({ name }) => name).join(", ")
        }`,
      );
    }
    if (rest.includes("--help") || rest.includes("-h")) {
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
  { name, summary, usage = "[options]", options, operands, help }: Command,
): string {
  return `${summary}

Usage: deno task ${name} ${usage}

${describeOptions(options, { operands })}${
    help === undefined ? "" : `\n\n${help}`
  }`;
}
