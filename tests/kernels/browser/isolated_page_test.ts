import { assert, assertEquals } from "@std/assert";
import { chromiumTest } from "../../chromium_available.ts";
import { firefoxTest } from "../../firefox_available.ts";
import { runBrowser } from "../../run_browser.ts";
import type { Trained } from "./train_in_page.ts";

/** What a page says of a training. */
type Found = Trained & { readonly threads: number };

const browsers = { chromium: chromiumTest, firefox: firefoxTest };

for (const [browser, browserTest] of Object.entries(browsers)) {
  browserTest(
    "a cross-origin-isolated page trains with the official build with threads, to the bit as on one thread and as in Deno; a page without wasm-unsafe-eval says what it needs",
    async () => {
      const { plain, isolated, strict, here } = await runBrowser(
        "tests/kernels/browser/_open_pages.ts",
        browser,
        ...["plain", "isolated", "strict"],
      ) as Record<string, Found>;
      assertEquals([plain!.isIsolated, plain!.hasThreads], [false, false]);
      assertEquals([isolated!.isIsolated, isolated!.hasThreads], [true, true]);
      assertEquals([plain!.threads, isolated!.threads], [1, 4]);
      const { losses } = plain!;
      assert(losses.at(-1)! < losses[0]!, losses.join());
      assertEquals(isolated!.losses, losses);
      assertEquals(isolated!.weightsHash, plain!.weightsHash);
      assert(strict!.error!.includes('"wasm-unsafe-eval"'), strict!.error);
      assertEquals(here!.losses, losses);
      assertEquals(here!.weightsHash, plain!.weightsHash);
    },
  );
}
