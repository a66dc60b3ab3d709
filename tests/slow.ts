/** Whether the tests that are slow by design run: `deno task test:slow`. */
export const runsSlow: boolean = Deno.env.get("DUPBENCH_SLOW") === "1";

/**
 * A test that is slow by design: every kill, every round of the fuzzers, a
 * browser, a cluster. `deno task test` lists it as ignored; `deno task
 * test:slow` runs it and all others whose names begin with `slow: `.
 *
 * @throws {Error} In a file that `deno task test:slow` does not read, where the
 * test would never run.
 */
export function slowTest(
  name: string,
  fn: () => void | Promise<void>,
  { ignore = false }: { ignore?: boolean } = {},
): void {
  const file = findTestFile();
  if (!readsSlow(file)) {
    throw new Error(`deno.json: task test:slow must read ${file}`);
  }
  Deno.test({ name: `slow: ${name}`, ignore: ignore || !runsSlow, fn });
}

/** The file of tests that is being loaded, whether alone or in a group. */
function findTestFile(): string {
  const { stack = "" } = new Error();
  return /file:\/\/\S+_test\.ts/.exec(stack)?.[0] ?? Deno.mainModule;
}

/** Whether a file is among the arguments of `deno task test:slow`. */
function readsSlow(file: string): boolean {
  const config = new URL("../deno.json", import.meta.url);
  const { tasks } = JSON.parse(Deno.readTextFileSync(config));
  const words: string[] = tasks["test:slow"].command.split(" ");
  return words.filter((word) => word.startsWith("tests/"))
    .some((path) => file.startsWith(new URL(path, config).href));
}
