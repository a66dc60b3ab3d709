import { slowTest } from "./slow.ts";

/** A browser that tests need, or may do without. */
export interface NeededBrowser {
  /** Its program. */
  readonly path: string;
  /** Whether it is there. */
  readonly isAvailable: boolean;
  /**
   * A slow test that needs it. Without it, the test is ignored, and the run says
   * so; with `DUPBENCH_REQUIRE_NAME=1` it fails instead.
   */
  test(name: string, run: () => Promise<void>): void;
}

/**
 * Looks for a browser: the one of Debian's package, unless the variable of its
 * name, in capitals, names another.
 */
export async function needBrowser(
  browser: "chromium" | "firefox",
  usual: string,
): Promise<NeededBrowser> {
  const variable = browser.toUpperCase();
  const required = `DUPBENCH_REQUIRE_${variable}`;
  const path = Deno.env.get(variable) ?? usual;
  const isAvailable = await Deno.stat(path).then(() => true, () => false);
  return {
    path,
    isAvailable,
    test(name, run) {
      const ignore = !isAvailable && Deno.env.get(required) !== "1";
      if (ignore) console.warn(`skipped "${browser}: ${name}": no ${path}`);
      const fn = async () => {
        if (!isAvailable) {
          throw new Error(`${required}=1 requires a browser at "${path}"`);
        }
        await run();
      };
      slowTest(`${browser}: ${name}`, fn, { ignore });
    },
  };
}
