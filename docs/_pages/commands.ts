import { type CommandEntry, commands } from "../../src/cli/commands.ts";
import { describeFlags } from "../../src/cli/flag.ts";
import { anchor, block, code, page, sentence, table } from "./markdown.ts";

/** `commands.md`: every command with its options and examples. */
export async function commandsPage(): Promise<string> {
  return page(
    "# Commands",
    `With Deno installed a command is \`deno task COMMAND\`; without it,
\`npx -y deno@2.9.6 task COMMAND\`. \`deno task COMMAND --help\` prints what stands
here. Relative paths, those of default outputs included, start where you stand:
in a sub-folder too.`,
    `Lists are separated by commas. Numbers may be fractions such as \`8/255\`. An
option that is on or off is turned off by \`--no-\`, where that is shown. Results
go to standard output and everything else to standard error. Exit codes: 0
success; 1 something failed or did not match; 2 a mistake in the call or its
files; 130 interrupted.`,
    table(
      ["command", "purpose"],
      commands.map(({ name, summary }) => [
        `[${name}](#${anchor(name)})`,
        summary,
      ]),
    ),
    (await Promise.all(commands.map(describe))).flat(),
  );
}

async function describe(
  { name, summary, load }: CommandEntry,
): Promise<string[]> {
  const { usage = "[options]", options, operands, help, examples } =
    await load();
  return [
    `## ${name}`,
    `${summary}.`,
    block("sh", `deno task ${name} ${usage}`),
    ...(help === undefined ? [] : [block("text", help)]),
    table(
      ["option", "value", "default", "meaning"],
      describeFlags(options).filter(({ field }) => field !== operands).map(
        (flag) => {
          const [, meaning = flag.description, later] =
            /^(.*) \(default:? (.*)\)$/.exec(flag.description) ?? [];
          return [
            code(`--${flag.flag}`),
            flag.kind === "boolean"
              ? ""
              : code(flag.placeholder + (flag.isList ? ",…" : "")),
            later ?? say(flag.fallback),
            sentence(meaning),
          ];
        },
      ),
    ),
    "Examples:",
    block(
      "sh",
      examples.map((words) => `deno task ${name} ${words}`.trimEnd())
        .join("\n"),
    ),
  ];
}

function say(fallback: unknown): string {
  if (fallback === undefined || fallback === "") return "";
  if (fallback === true) return "on";
  if (fallback === false) return "off";
  if (Array.isArray(fallback)) return code(fallback.join(","));
  return code(
    typeof fallback === "number"
      ? Number(fallback.toPrecision(4))
      : String(fallback),
  );
}
