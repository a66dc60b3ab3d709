import type { z } from "zod";
import { version } from "../results/versions.ts";
import type { Command } from "./command.ts";
import type { CommandEntry } from "./commands.ts";
import { describeFlags, nameFlagsIn } from "./flag.ts";
import { program } from "./program.ts";
import type { Operands } from "./read_flags.ts";

/** The help text of the whole command line. */
export function describeCommands(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) =>
    `  ${name.padEnd(width)}  ${summary}`
  ).join("\n");
  return `dupbench ${version}: what duplicated training images do to an image classifier

Usage: ${program} COMMAND [options]

${list}

"${program} COMMAND --help" lists the options of a command. Relative paths,
including those of default outputs, are relative to the current directory.`;
}

/** The help text of one command. */
export function describeCommand(
  { name, summary }: CommandEntry,
  { usage = "[options]", options, operands, help, examples }: Command,
): string {
  const parts = [
    summary,
    `Usage: ${program} ${name} ${usage}`,
    describeOptions(options, { operands }),
    ...(help === undefined ? [] : [help]),
    [
      "Examples:",
      ...examples.map((words) => `  ${program} ${name} ${words}`.trimEnd()),
    ].join("\n"),
  ];
  return parts.join("\n\n");
}

/** The help text of a schema's flags, two lines each. */
export function describeOptions(
  schema: z.ZodObject,
  { operands }: Operands = {},
): string {
  return describeFlags(schema).filter(({ field }) => field !== operands).map(
    ({ flag, kind, isList, emptyWord, placeholder, ...about }) => {
      const { description, fallback } = about;
      const isSwitch = kind === "boolean";
      const list = isList ? `,…${emptyWord ? `|${emptyWord}` : ""}` : "";
      const value = isSwitch ? "" : ` ${placeholder}${list}`;
      const short = flag === "out" ? "-o, " : "";
      // A switch that is off by default has no use for its negation.
      const negated = isSwitch && fallback !== false ? `, --no-${flag}` : "";
      const standard = describeFallback(fallback);
      return `  ${short}--${flag}${value}${negated}\n      ${
        nameFlagsIn(description, schema)
      }${standard === "" ? "" : ` (default ${standard})`}`;
    },
  ).join("\n");
}

function describeFallback(fallback: unknown): string {
  if (fallback === undefined || fallback === false) return "";
  if (fallback === true) return "yes";
  if (typeof fallback === "number") {
    return String(Number(fallback.toPrecision(4)));
  }
  return String(fallback);
}
