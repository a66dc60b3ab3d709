/**
 * Compiles the kernels.
 *
 * @throws {Error} If the engine has no SIMD, or a page forbids WebAssembly; it
 * names the engine's own error as its cause.
 */
export async function compileModule(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new Error(
      `The training kernels cannot be compiled: they need WebAssembly with SIMD and, in a page with a Content-Security-Policy, "wasm-unsafe-eval" in its script-src (${
        cause instanceof Error ? cause.message : cause
      })`,
      { cause },
    );
  }
}
