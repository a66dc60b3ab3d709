/** The browser of Debian's package, unless `CHROMIUM` names one. */
export const chromiumPath: string = Deno.env.get("CHROMIUM") ??
  "/usr/bin/chromium";

const isThere = await Deno.stat(chromiumPath).then(() => true, () => false);

/** With `DUPBENCH_REQUIRE_CHROMIUM=1` tests without a browser fail. */
const isRequired = Deno.env.get("DUPBENCH_REQUIRE_CHROMIUM") === "1";

/**
 * A test that needs Chromium. Without it, it is ignored, and the run says so;
 * where Chromium is required it fails instead.
 */
export function chromiumTest(name: string, run: () => Promise<void>): void {
  const ignore = !isThere && !isRequired;
  if (ignore) console.warn(`skipped "chromium: ${name}": no ${chromiumPath}`);
  Deno.test({
    name: `chromium: ${name}`,
    ignore,
    async fn() {
      if (!isThere) {
        throw new Error(
          `Cannot test as DUPBENCH_REQUIRE_CHROMIUM=1 requires ${chromiumPath}`,
        );
      }
      await run();
    },
  });
}
