import { assertEquals, assertRejects } from "@std/assert";
import { build, stop } from "esbuild";
import type { loadKernels } from "../../../src/kernels/wasm/kernel_binary.ts";
import { fromFileUrl } from "../../sweep/paths.ts";

/** The loader of the kernels in a classic script, which has no `import.meta`. */
async function bundleLoader(): Promise<{ loadKernels: typeof loadKernels }> {
  const { outputFiles: [script] } = await build({
    entryPoints: [
      fromFileUrl(
        new URL("../../../src/kernels/wasm/kernel_binary.ts", import.meta.url),
      ),
    ],
    bundle: true,
    format: "iife",
    globalName: "bundled",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  await stop();
  return new Function(`${script!.text}\nreturn bundled;`)();
}

Deno.test("loadKernels() in a classic script asks for bytes or a URL, and takes them", async () => {
  const { loadKernels } = await bundleLoader();
  await assertRejects(
    () => loadKernels(),
    TypeError,
    'not a module: give "wasm" their bytes or URL',
  );
  const url = new URL(
    "../../../src/kernels/wasm/kernels.wasm",
    import.meta.url,
  );
  const bytes = await Deno.readFile(url);
  assertEquals(await loadKernels(bytes), { bytes });
  assertEquals(await loadKernels(url), { bytes });
});
