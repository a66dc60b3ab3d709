import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { commands } from "../../src/cli/commands.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { networkNames } from "../../src/spec/networks.ts";
import { policies } from "../../src/spec/policies.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { runMain } from "./run_main.ts";

/**
 * How each shell is asked what may follow a line: the script of the command, and
 * then its answers, one per line.
 */
const shells = {
  bash: {
    args: ["--norc", "-c"],
    script: `source "$1"
read -r -a COMP_WORDS <<<"\${2//=/ = }"
[[ $2 == *[[:space:]=] ]] && COMP_WORDS+=('')
[[ $2 == *= ]] && unset 'COMP_WORDS[-1]'
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_dupbench
printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  // Its completion runs in the line editor only: another zsh is its terminal.
  zsh: {
    args: ["-f", "-c"],
    script: `zmodload zsh/zpty
zpty inner zsh -f -i
{
  print -r -- 'PROMPT= RPROMPT='
  print -r -- 'autoload -Uz compinit; compinit -u -d $HOME/.zcompdump'
  print -r -- "source \${(q)1}"
  print -r -- 'compadd() {
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
    local -a hits; builtin compadd -A hits "$@"; local hit
    for hit in $hits; do print -r -- "hit:$hit"; done
  }'
  print -r -- 'show() { zle complete-word; print -r -- end-of-hits; exit }'
  print -r -- 'zle -C complete-word complete-word _main_complete'
  print -r -- 'zle -N show; bindkey "^T" show'
} | while IFS= read -r line; do zpty -w inner "$line"; done
zpty -w inner 'print ready-$((40 + 2))'
while zpty -r inner line; do [[ $line == *ready-42* ]] && break; done
zpty -n -w inner "$2"$'\\x14'
while zpty -r inner line; do
  [[ $line == *end-of-hits* ]] && break
  [[ $line == *hit:* ]] && print -r -- "\${\${line##*hit:}%%[$'\\r\\n']*}"
done
zpty -d inner`,
  },
  fish: {
    args: ["--no-config", "-c"],
    script: `source $argv[1]
complete -C "$argv[2]" | string replace -r '\\t.*' ''`,
  },
} as const;

type Shell = keyof typeof shells;

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Whether a shell is installed; what is not tested is said. */
function isInstalled(shell: Shell): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "true"] }).outputSync()
      .success;
  } catch {
    console.log(`ignored: completions ${shell}: ${shell} is not installed`);
    return false;
  }
}

for (const shell of Object.keys(shells) as Shell[]) {
  const { args, script } = shells[shell];

  /** What the shell proposes after a line, in a folder. */
  const complete = async (line: string, folder: string): Promise<string[]> => {
    const { code, stdout, stderr } = await runMain(["completions", shell]);
    assertEquals([code, stderr], [0, ""]);
    const path = `${folder}/.completion`;
    await Deno.writeTextFile(path, stdout);
    const ended = await new Deno.Command(shell, {
      args: [...args, script, ...(shell === "fish" ? [] : [shell]), path, line],
      cwd: folder,
      env: { TERM: "dumb", HOME: folder },
    }).output();
    assertEquals(decode(ended.stderr), "", line);
    const words = decode(ended.stdout).split("\n").map((word) => word.trim());
    // Zsh asks again with looser rules of matching.
    return [...new Set(words)].filter((word) => word !== "");
  };

  Deno.test({
    name:
      `completions ${shell}: ${shell} proposes commands, options, names, entries of lists, files and folders`,
    ignore: !isInstalled(shell),
    fn: () =>
      inFolder(async (folder) => {
        await Deno.writeTextFile(`${folder}/mine.json`, "{}");
        await Deno.mkdir(`${folder}/my-images`);
        const after = (line: string) => complete(line, folder);
        assertArrayIncludes(
          await after("dupbench "),
          commands.map(({ name }) => name),
        );
        assertEquals(await after("dupbench ver"), ["verify"]);
        const options = await after("dupbench sweep --limit-");
        assertEquals(
          options.map((one) => one.replace(/=$/, "")).sort(),
          ["--limit-test", "--limit-train"],
        );
        // It may be given again.
        const again = await after("dupbench export --author A --au");
        assertEquals(again.map((one) => one.replace(/=$/, "")), ["--author"]);
        assertEquals(
          (await after("dupbench step-time --job ")).sort(),
          ["pgd10", "train"],
        );
        assertArrayIncludes(
          await after("dupbench step-time --model "),
          [...networkNames, "mine.json"],
        );
        const policyNames = Object.keys(policies);
        const second = await after("dupbench sweep --policy uniform,class");
        assert(policyNames.includes("class-biased"));
        assertEquals(
          second.map((one) => one.replace(/^uniform,/, "")),
          ["class-biased"],
        );
        const studies = await after("dupbench sweep --study ");
        assertArrayIncludes(studies, Object.keys(namedStudies));
        assertArrayIncludes(studies, ["mine.json"]);
        assertEquals(await after("dupbench verify mi"), ["mine.json"]);
        const folders = await after("dupbench duplicates --move my");
        assertEquals(folders.map((one) => one.replace(/\/$/, "")), [
          "my-images",
        ]);
      }),
  });
}

Deno.test({
  name: "completions bash: a value after = is completed too",
  ignore: !isInstalled("bash"),
  fn: () =>
    inFolder(async (folder) => {
      const { stdout } = await runMain(["completions", "bash"]);
      await Deno.writeTextFile(`${folder}/.completion`, stdout);
      const { args, script } = shells.bash;
      for (
        const [line, want] of [
          ["dupbench export x.json --format=", [
            "ro-crate",
            "croissant",
            "csv",
            "parquet",
          ]],
          ["dupbench export x.json --format=p", ["parquet"]],
        ] as const
      ) {
        const ended = await new Deno.Command("bash", {
          args: [...args, script, "bash", `${folder}/.completion`, line],
          cwd: folder,
        }).output();
        assertEquals(decode(ended.stdout).trim().split("\n"), [...want]);
      }
    }),
});

Deno.test("completions refuses another shell in one line", async () => {
  for (const args of [[], ["tcsh"], ["bash", "zsh"]]) {
    const { code, stdout, stderr } = await runMain(["completions", ...args]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "shell");
    assertEquals(stderr.trimEnd().split("\n").length, 1);
  }
});
