import {
  type CompletedCommand,
  spellings,
  type Value,
} from "./completion_table.ts";

/** The completion of `dupbench` in fish, to be sourced. */
export function fishCompletion(table: readonly CompletedCommand[]): string {
  const complete = "complete -c dupbench";
  const lines = table.flatMap(({ name, summary, flags, operand }) => {
    const inside = `${complete} -n ${
      quoted(`__fish_seen_subcommand_from ${name}`)
    }`;
    return [
      `${complete} -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...flags.flatMap((flag) => {
        const about = `-d ${quoted(flag.description)}`;
        return flag.kind === "boolean"
          ? spellings(flag).map((one) =>
            `${inside} -l ${one.slice(2)} ${about}`
          )
          : [
            `${inside} -l ${flag.flag}${flag.flag === "out" ? " -s o" : ""} ${
              argumentsOf(flag)
            } ${about}`,
          ];
      }),
      `${inside} -l help -d 'Print the options'`,
      ...(operand === undefined ? [] : [`${inside} ${argumentsOf(operand)}`]),
    ];
  });
  const names = table.map(({ name }) => name).join(" ");
  return `# Names that may follow the last comma of a list.
function __dupbench_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -r '[^,]*$' '')
    printf '%s\\n' $before$argv
end
${complete} -f
${complete} -n __fish_use_subcommand -a help -d 'Print the options of a command'
${complete} -n __fish_use_subcommand -l help -d 'List the commands'
${complete} -n __fish_use_subcommand -l version -d 'Print the version'
${complete} -n '__fish_seen_subcommand_from help' -a '${names}'
${lines.join("\n")}
`;
}

/** What a value may be, as arguments of `complete`. */
function argumentsOf({ path, isList, choices }: Value): string {
  const names = choices.join(" ");
  if (path === "folder") return "-x -a '(__fish_complete_directories)'";
  if (path === "file") return `-r -F${names === "" ? "" : ` -a '${names}'`}`;
  if (names === "") return "-x";
  return `-x -a ${isList ? `'(__dupbench_list ${names})'` : `'${names}'`}`;
}

/** A text in single quotes, as fish reads it. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
