import { fileURLToPath } from "node:url";
import { z } from "zod";
import { bashCompletion } from "./bash_completion.ts";
import { defineCommand } from "./command.ts";
import { completionTable, quoted } from "./completion_table.ts";
import { fishCompletion } from "./fish_completion.ts";
import { zshCompletion } from "./zsh_completion.ts";
import { isCheckout } from "./program.ts";

/** How each shell completes. */
const shells = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const shellNames = Object.keys(shells) as (keyof typeof shells)[];

const usage = `completions ${shellNames.join("|")}`;

const options = z.strictObject({
  shell: z.array(z.enum(shellNames, { error: `Name a shell: ${usage}` }))
    .min(1, { error: `Name a shell: ${usage}` })
    .max(1, { error: `Name one shell only: ${usage}` })
    .describe("The shell"),
});

/** `completions SHELL`: a script that completes in that shell. */
export const completionsCommand = defineCommand({
  usage: shellNames.join("|"),
  options,
  operands: "shell",
  examples: ["bash", "zsh", "fish"],
  help:
    `The script defines dupbench, which runs the commands of this checkout from any
folder, and completes its commands, options, names and files. Add to a start-up
file:

  bash   source <(deno task --quiet completions bash)
  zsh    source <(deno task --quiet completions zsh)       (after compinit)
  fish   deno task --quiet completions fish | source`,
  async run({ shell: [shell] }, io) {
    const about =
      `# Completion of dupbench for ${shell}, made by "deno task completions ${shell}".\n`;
    io.print(
      about + (isCheckout ? defineDupbench(shell!) : "") +
        shells[shell!](await completionTable()).trimEnd(),
    );
    return 0;
  },
});

/** The function that the script completes. */
function defineDupbench(shell: keyof typeof shells): string {
  const config = quoted(
    fileURLToPath(new URL("../../deno.json", import.meta.url)),
  );
  const call = `deno task --quiet --config ${config} dupbench`;
  return shell === "fish"
    ? `function dupbench\n    ${call} $argv\nend\n`
    : `dupbench() { ${call} "$@"; }\n`;
}
