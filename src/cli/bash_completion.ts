import {
  type CompletedCommand,
  quoted,
  spellings,
  type Value,
} from "./completion_table.ts";

/** The completion of `dupbench` in bash, as functions to be sourced. */
export function bashCompletion(table: readonly CompletedCommand[]): string {
  const names = table.map(({ name }) => name);
  const flags = table.map(({ name, flags }) =>
    `  ${name}) echo ${
      quoted([...flags.flatMap(spellings), "--help"].join(" "))
    } ;;`
  );
  const values = table.flatMap(({ name, flags, operand }) => [
    ...flags.filter(({ kind }) => kind !== "boolean").map((flag) => {
      const cases = spellings(flag).map((one) => quoted(`${name} ${one}`));
      return `  ${cases.join(" | ")}) echo ${describeValue(flag)} ;;`;
    }),
    ...(operand === undefined
      ? []
      : [`  ${quoted(`${name} `)}) echo ${describeValue(operand)} ;;`]),
  ]);
  return `_dupbench_flags() {
  case $1 in
${flags.join("\n")}
  esac
}

# What a value of "COMMAND FLAG" is, of "COMMAND " an operand: a kind of path or
# "-", whether it is a list, and names. Fails for a flag that takes no value.
_dupbench_values() {
  case "$1 $2" in
${values.join("\n")}
  'help ') echo - one ${names.join(" ")} ;;
  *) return 1 ;;
  esac
}

_dupbench() {
  local current=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]}
  local command='' start=0 i path isList names
  # Bash takes the sign of --flag=value for a word of its own.
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $flag == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -C ]]; then
      ((i++))
    elif [[ \${COMP_WORDS[i]} != -* ]]; then
      command=\${COMP_WORDS[i]}
      break
    fi
  done
  COMPREPLY=()
  if [[ -z $command ]]; then
    if [[ $flag == -C ]]; then
      path=folder names=''
    else
      path=- names='${names.join(" ")} help --help --version -C'
    fi
  elif [[ $flag == -* ]] && names=$(_dupbench_values "$command" "$flag"); then
    read -r path isList names <<<"$names"
  elif [[ $current == -* ]]; then
    path=- names=$(_dupbench_flags "$command")
  elif names=$(_dupbench_values "$command" ''); then
    read -r path isList names <<<"$names"
  else
    path=- names=''
  fi
  # Of a list, the entry after the last comma is completed.
  local last=$current
  [[ $isList == list ]] && last=\${current##*,}
  start=$((\${#current} - \${#last}))
  local found
  while IFS= read -r found; do
    COMPREPLY+=("\${current:0:start}$found")
  done < <(compgen -W "$names" -- "$last")
  case $path in
  file | folder)
    compopt -o filenames 2>/dev/null
    local action=-f
    [[ $path == folder ]] && action=-d
    while IFS= read -r found; do
      COMPREPLY+=("$found")
    done < <(compgen "$action" -- "$current")
    ;;
  esac
}
complete -F _dupbench dupbench
`;
}

function describeValue({ path, isList, choices }: Value): string {
  return [path ?? "-", isList ? "list" : "one", ...choices].join(" ");
}
