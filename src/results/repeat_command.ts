import { shellWords } from "../core/shell_words.ts";
import { engineOf } from "./engine_of.ts";
import type { Provenance } from "./provenance.ts";

/** The commands that write result sets; no other can have made one. */
const writers = ["sweep", "study", "merge"];

/** The option that names earlier sets. */
const REUSE = "--reuse";

/**
 * The command line that repeats a result set, quoted for a shell and on one line.
 * It is without `--reuse`: who repeats a set runs all of its cells, and may not have
 * the earlier sets.
 *
 * @returns `null` where the recorded command is none that writes result sets: a
 * reader must not be told to run what a file says.
 */
export function repeatCommand(
  { command, ...provenance }: Pick<Provenance, "command" | "engine" | "deno">,
): string | null {
  if (!writers.includes(command[0] ?? "")) return null;
  const start = {
    Deno: "deno task",
    Node: "npx dupbench",
    Bun: "bunx dupbench",
    Chromium: "npx dupbench",
    Firefox: "npx dupbench",
  }[engineOf(provenance).name];
  const own = command.filter((word, i) =>
    word !== REUSE && !word.startsWith(`${REUSE}=`) && command[i - 1] !== REUSE
  );
  return `${start} ${shellWords(own)}`;
}
