import { slowTest } from "./slow.ts";

/** The browser of Debian's package, unless `FIREFOX` names one. */
export const firefoxPath: string = Deno.env.get("FIREFOX") ??
  "/usr/bin/firefox-esr";

/** Whether it is there. */
export const hasFirefox: boolean = await Deno.stat(firefoxPath).then(
  () => true,
  () => false,
);

/** With `DUPBENCH_REQUIRE_FIREFOX=1` tests without the browser fail. */
const isRequired = Deno.env.get("DUPBENCH_REQUIRE_FIREFOX") === "1";

/**
 * A slow test that needs Firefox. Without it, the test is ignored, and the run
 * says so; where Firefox is required, it fails instead.
 */
export function firefoxTest(name: string, run: () => Promise<void>): void {
  const ignore = !hasFirefox && !isRequired;
  if (ignore) console.warn(`skipped "firefox: ${name}": no ${firefoxPath}`);
  const fn = async () => {
    if (!hasFirefox) {
      throw new Error(
        `DUPBENCH_REQUIRE_FIREFOX=1 requires a browser at "${firefoxPath}"`,
      );
    }
    await run();
  };
  slowTest(`firefox: ${name}`, fn, { ignore });
}
