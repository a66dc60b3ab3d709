import { type CommandEntry, commands } from "../../src/cli/commands.ts";
import { describeFlags, type Flag } from "../../src/cli/flag.ts";
import { splitFallback } from "./fallback.ts";
import { anchor, block, code, page, sentence, table } from "./markdown.ts";

/** `commands.md`: every command with its options and examples. */
export async function commandsPage(): Promise<string> {
  const sections = await Promise.all(commands.map(describe));
  return page(
    "# Commands",
    `With Deno installed, run a command as \`deno task COMMAND\`; without it, as
\`npx -y deno@2.9.6 task COMMAND\`. \`deno task COMMAND --help\` prints the text of
this page. Relative paths, including those of default outputs, are relative to the
current directory, also in a sub-folder of the repository.`,
    `Lists are separated by commas. Numbers may be fractions such as \`8/255\`.
Results go to standard output and everything else to standard error. Exit codes:
0 success; 1 something failed or did not match; 2 wrong usage or an unusable file;
130 interrupted.`,
    table(
      ["command", "purpose"],
      commands.map(({ name, summary }) => [
        `[${name}](#${anchor(name)})`,
        summary,
      ]),
    ),
    sections.flat(),
  );
}

async function describe(
  { name, summary, load }: CommandEntry,
): Promise<string[]> {
  const { usage = "[options]", options, operands, help, examples } =
    await load();
  const flags = describeFlags(options).filter(({ field }) =>
    field !== operands
  );
  return [
    `## ${name}`,
    `${summary}.`,
    block("sh", `deno task ${name} ${usage}`),
    ...(help === undefined ? [] : [block("text", help)]),
    ...(flags.length === 0 ? [] : [table(
      ["option", "value", "default", "meaning"],
      flags.map(describeFlag),
    )]),
    "Examples:",
    block(
      "sh",
      examples.map((words) => `deno task ${name} ${words}`.trimEnd())
        .join("\n"),
    ),
  ];
}

function describeFlag(
  { flag, kind, isList, emptyWord, placeholder, description, fallback }: Flag,
): string[] {
  const { meaning, fallback: said } = splitFallback(description);
  const names = [
    ...(flag === "out" ? ["-o"] : []),
    `--${flag}`,
    ...(kind === "boolean" && fallback !== false ? [`--no-${flag}`] : []),
  ];
  return [
    names.map(code).join(", "),
    kind === "boolean" ? "" : code(
      placeholder + (isList ? ",…" : "") + (emptyWord ? `|${emptyWord}` : ""),
    ),
    said ?? say(fallback),
    sentence(meaning),
  ];
}

function say(fallback: unknown): string {
  if (fallback === undefined || fallback === "") return "";
  if (fallback === true) return "on";
  if (fallback === false) return "off";
  if (Array.isArray(fallback)) return code(fallback.join(","));
  if (typeof fallback === "number") {
    return code(Number(fallback.toPrecision(4)));
  }
  const text = String(fallback);
  return text.includes(" ") ? text : code(text);
}
