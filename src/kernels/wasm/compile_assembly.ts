import asc from "assemblyscript/asc";

/**
 * Compiles a file of `assembly/` with all it imports. The result is a function
 * of the sources and the compiler's version: equal inputs give equal bytes. It
 * imports the memory it works in as `env.memory` and has no data of its own,
 * no allocator and no start function, so it can share another module's memory.
 *
 * @param entry File name, such as `index.ts`.
 * @returns A WebAssembly module.
 * @throws {SyntaxError} If a source does not compile.
 */
export async function compileAssembly(entry: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    entry,
    ...["--baseDir", "assembly"],
    ...["--outFile", "out.wasm"],
    ...["--optimizeLevel", "3"],
    ...["--runtime", "stub"],
    ...["--enable", "simd"],
    ...["--uncheckedBehavior", "always"],
    ...["--use", "abort="],
    "--importMemory",
    "--noAssert",
  ], {
    readFile,
    listFiles: () => [],
    writeFile(name: string, contents: string | Uint8Array) {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array;
    },
  });
  if (error || binary === undefined) {
    throw new SyntaxError(
      `Cannot compile ${entry} as it must be AssemblyScript: current value is ${error} ${stderr}`,
    );
  }
  return binary;
}

function readFile(name: string): string | null {
  const path = name.startsWith("assembly/") ? name : `assembly/${name}`;
  try {
    return Deno.readTextFileSync(new URL(path, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
