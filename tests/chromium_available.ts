import { slowTest } from "./slow.ts";

/** The browser of Debian's package, unless `CHROMIUM` names one. */
export const chromiumPath: string = Deno.env.get("CHROMIUM") ??
  "/usr/bin/chromium";

const isAvailable = await Deno.stat(chromiumPath).then(() => true, () => false);

/** With `DUPBENCH_REQUIRE_CHROMIUM=1` tests without a browser fail. */
const isRequired = Deno.env.get("DUPBENCH_REQUIRE_CHROMIUM") === "1";

/**
 * A slow test that needs Chromium. Without it, the test is ignored, and the run
 * says so; where Chromium is required, it fails instead.
 */
export function chromiumTest(name: string, run: () => Promise<void>): void {
  const ignore = !isAvailable && !isRequired;
  if (ignore) console.warn(`skipped "chromium: ${name}": no ${chromiumPath}`);
  const fn = async () => {
    if (!isAvailable) {
      throw new Error(
        `DUPBENCH_REQUIRE_CHROMIUM=1 requires a browser at "${chromiumPath}"`,
      );
    }
    await run();
  };
  slowTest(`chromium: ${name}`, fn, { ignore });
}
