/**
 * Compiles `assembly/index.ts` to `kernels.wasm`. With `--check` it writes
 * nothing and fails unless the committed bytes are those of a fresh build;
 * the compiler's output is a function of its input and version alone.
 *
 * @module
 */
import asc from "assemblyscript/asc";

const committed = new URL("./kernels.wasm", import.meta.url);

/** Compiles the kernels in memory. */
async function compile(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    "index.ts",
    "--baseDir",
    "assembly",
    "--outFile",
    "kernels.wasm",
    "--optimizeLevel",
    "3",
    "--runtime",
    "stub",
    "--importMemory",
    "--enable",
    "simd",
    "--noAssert",
    "--uncheckedBehavior",
    "always",
    "--use",
    "abort=",
  ], {
    readFile: readSource,
    listFiles: () => [],
    writeFile(name: string, contents: string | Uint8Array) {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array;
    },
  });
  if (error || binary === undefined) {
    throw new SyntaxError(
      `Cannot compile kernels as the compiler must succeed: current value is ${error} ${stderr}`,
    );
  }
  return binary;
}

function readSource(name: string): string | null {
  const path = name.startsWith("assembly/") ? name : `assembly/${name}`;
  try {
    return Deno.readTextFileSync(new URL(path, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const fresh = await compile();
  if (!Deno.args.includes("--check")) {
    await Deno.writeFile(committed, fresh);
    console.log(`Wrote ${fresh.length} bytes to kernels.wasm`);
  } else {
    const old = await Deno.readFile(committed);
    const equal = old.length === fresh.length &&
      old.every((byte, i) => byte === fresh[i]);
    if (!equal) {
      console.error(
        `Cannot confirm kernels.wasm as it must equal a fresh build: current value is ${old.length} bytes against ${fresh.length}`,
      );
      Deno.exit(1);
    }
    console.log(`kernels.wasm equals a fresh build (${fresh.length} bytes)`);
  }
}
