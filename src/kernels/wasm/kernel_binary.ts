/**
 * The compiled kernels, `kernels.wasm`: its bytes, where it is, or the module
 * that was compiled from it.
 */
export type KernelBinary =
  | Uint8Array
  | ArrayBuffer
  | URL
  | WebAssembly.Module;

/** The kernels, compiled for memory of one thread or as bytes. */
export type LoadedKernels =
  | { readonly module: WebAssembly.Module }
  | { readonly bytes: Uint8Array<ArrayBuffer> };

/**
 * Reads the kernels, by default from the file next to this module.
 *
 * @throws {TypeError} If they cannot be read, or the source is none of these.
 */
export async function loadKernels(
  source: KernelBinary = findKernels(),
): Promise<LoadedKernels> {
  if (source instanceof WebAssembly.Module) return { module: source };
  if (source instanceof URL) return { bytes: await readUrl(source) };
  // By its name, since the buffer may be that of another realm.
  const isBuffer = Object.prototype.toString.call(source) ===
    "[object ArrayBuffer]";
  if (!isBuffer && !ArrayBuffer.isView(source)) {
    throw new TypeError(
      `"wasm" must be bytes, a URL or a WebAssembly.Module, got ${typeof source}`,
    );
  }
  return { bytes: new Uint8Array(source) };
}

/**
 * The file next to this module: bundlers find it by this very expression, and
 * copy it.
 *
 * @throws {TypeError} In a classic script, which does not know where it is.
 */
function findKernels(): URL {
  try {
    return new URL("./kernels.wasm", import.meta.url);
  } catch (cause) {
    throw new TypeError(
      'The kernels cannot be found from a script that is not a module: give "wasm" their bytes or URL',
      { cause },
    );
  }
}

/** The part of Node's `process` by which a browser's build stays free of Node. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): {
    readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
  };
}

/** Node cannot fetch a file; Deno and Bun read it alike. */
async function readUrl(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const { process } = globalThis as { process?: NodeProcess };
  if (url.protocol === "file:" && process?.getBuiltinModule !== undefined) {
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) {
    throw new TypeError(
      `The kernels at "${url}" cannot be read: status ${response.status}; give "wasm" their bytes or another URL`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}
