import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

/** What the training in a process of its own prints. */
async function trainOn(
  build: "plain" | "simd",
  ...options: string[]
): Promise<string> {
  const script = new URL("./_train_on_build.ts", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--no-prompt", "--allow-read", "--allow-env"],
      ...["--allow-sys", ...options, fileURLToPath(script), build],
    ],
    cwd: new URL("../../../", import.meta.url),
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
}

Deno.test("wasm: the official build without SIMD trains as the one with it", async () => {
  const [plain, simd] = await Promise.all([trainOn("plain"), trainOn("simd")])
    .then((printed) => printed.map((text) => JSON.parse(text) as number[]));
  assertEquals(plain!.length, 5);
  assert(simd!.at(-1)! < simd![0]!, simd!.join());
  plain!.forEach((loss, i) =>
    assert(Math.abs(loss - simd![i]!) < 1e-5, `${loss}, ${simd![i]}`)
  );
});

Deno.test({
  name: "wasm: an engine without SIMD gets an error that says so",
  // V8 has SIMD on every other processor that it knows.
  ignore: Deno.build.arch !== "x86_64",
  async fn() {
    const printed = await trainOn(
      "simd",
      "--v8-flags=--no-enable-sse4-1,--no-enable-ssse3,--no-enable-sse4-2,--no-enable-avx,--no-enable-avx2",
    );
    assertStringIncludes(printed, "they need WebAssembly with SIMD");
  },
});
