/** Whether the tests that are slow by design run: `deno task test:slow`. */
export const runsSlow: boolean = Deno.env.get("DUPBENCH_SLOW") === "1";

/**
 * A test that is slow by design: every kill, every round of the fuzzers, a
 * browser, a cluster. `deno task test` lists it as ignored; `deno task
 * test:slow` runs it and all others whose names begin with `slow: `, in the
 * same groups.
 */
export function slowTest(
  name: string,
  fn: () => void | Promise<void>,
  { ignore = false }: { ignore?: boolean } = {},
): void {
  Deno.test({ name: `slow: ${name}`, ignore: ignore || !runsSlow, fn });
}
