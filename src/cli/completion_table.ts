import { commands } from "./commands.ts";
import { describeFlags, type Flag } from "./flag.ts";

/** What a value on the command line may be. */
export type Value = Pick<Flag, "choices" | "isList" | "path">;

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What its words that are not flags may be; none: it has no such words. */
  readonly operand?: Value | undefined;
}

/** What all shells complete: every command, from its own definition. */
export async function completionTable(): Promise<CompletedCommand[]> {
  return await Promise.all(
    commands.map(async ({ name, summary, load }) => {
      const { options, operands } = await load();
      const all = describeFlags(options);
      return {
        name,
        summary,
        flags: all.filter(({ field }) => field !== operands),
        operand: all.find(({ field }) => field === operands),
      };
    }),
  );
}

/** Every way to write a flag: `--near`, `--no-near`, `-o`. */
export function spellings({ flag, kind, fallback }: Flag): string[] {
  return [
    `--${flag}`,
    // What is off unless it is given has no use for its negation.
    ...(kind === "boolean" && fallback !== false ? [`--no-${flag}`] : []),
    ...(flag === "out" ? ["-o"] : []),
  ];
}

/** A text in single quotes, as bash and zsh read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
