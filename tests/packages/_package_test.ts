/** Whether the tests that install packages for minutes run. */
const runsPackages = Deno.env.get("DUPBENCH_PACKAGES") === "1";

/**
 * A test that installs hundreds of megabytes: `deno task test:packages` runs it,
 * other tasks list it as ignored.
 */
export function packageTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `packages: ${name}`, ignore: !runsPackages, fn });
}
