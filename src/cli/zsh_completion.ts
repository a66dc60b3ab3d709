import {
  type CompletedCommand,
  quoted,
  spellings,
  type Value,
} from "./completion_table.ts";

/** The completion of `dupbench` in zsh, to be sourced after `compinit`. */
export function zshCompletion(table: readonly CompletedCommand[]): string {
  const list = table.map(({ name, summary }) =>
    `    ${quoted(`${name}:${summary}`)}`
  );
  const cases = table.map(({ name, flags, operand }) => {
    const specs = [
      ...flags.flatMap((flag) =>
        spellings(flag).map((one) =>
          one.startsWith("--no-") || flag.kind === "boolean"
            ? `${one}[${escape(flag.description)}]`
            : `${flag.isRepeated ? "*" : ""}${one}${one === "-o" ? "+" : "="}[${
              escape(flag.description)
            }]:${escape(flag.placeholder)}:${actionOf(flag)}`
        )
      ),
      "--help[Print the options]",
      ...(operand === undefined ? [] : [`*:operand:${actionOf(operand)}`]),
    ];
    return `  ${name})
    _arguments \\
${specs.map((spec) => `      ${quoted(spec)}`).join(" \\\n")}
    ;;`;
  });
  return `_dupbench_names_or_files() {
  _alternative "names:name:($*)" files:file:_files
}

_dupbench() {
  local -a commands=(
${list.join("\n")}
    'help:Print the options of a command'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
  help) _describe command commands ;;
${cases.join("\n")}
  esac
}
compdef _dupbench dupbench
`;
}

/** What _arguments is to do for a value. */
function actionOf({ path, isList, choices }: Value): string {
  const files = path === "folder" ? "_files -/" : "_files";
  const names = choices.join(" ");
  if (choices.length === 0) return path === undefined ? " " : files;
  if (isList) return `_sequence -s , compadd - ${names}`;
  return path === undefined
    ? `(${names})`
    : ` _dupbench_names_or_files ${names}`;
}

/** What stands between brackets or colons of a specification. */
function escape(text: string): string {
  return text.replace(/[\\\[\]:]/g, "\\$&");
}
