import type { Program } from "assemblyscript";
import asc, { type Transform } from "assemblyscript/asc";

/** A compiled module. */
export interface CompiledAssembly {
  /** The WebAssembly module. */
  readonly binary: Uint8Array<ArrayBuffer>;
  /** What the compiler knows of the sources. */
  readonly program: Program;
}

/**
 * Pages of memory that a module requires: what every build of the official wasm
 * backend begins with. Where V8 has no trap handler (Deno), it compiles an
 * access at `address + offset` as one comparison if the offset lies within this
 * minimum, and as two if not: with a minimum of zero, each access had two.
 */
export const memoryPages = 256;

/**
 * Compiles a file of `assembly/` with all it imports. The result is a function
 * of the sources and the compiler's version: equal inputs give equal bytes. The
 * module imports the memory it works in as `env.memory` and has no data of its
 * own, no allocator and no start function, so it can share the memory of
 * another module.
 *
 * @param entry File name, such as `index.ts`.
 * @param readSource Reads a file by its name; null if there is none.
 * @throws {SyntaxError} If a source does not compile.
 */
export async function compileAssembly(
  entry: string,
  readSource: (name: string) => string | null = readAssembly,
): Promise<CompiledAssembly> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  let program: Program | undefined;
  const keepProgram: Partial<Transform> = {
    afterInitialize(initialized) {
      program = initialized;
    },
  };
  const { error, stderr } = await asc.main([
    entry,
    ...["--outFile", "out.wasm"],
    ...["--optimizeLevel", "3"],
    ...["--runtime", "stub"],
    ...["--enable", "simd"],
    ...["--uncheckedBehavior", "always"],
    ...["--use", "abort="],
    "--importMemory",
    ...["--initialMemory", `${memoryPages}`],
    "--noAssert",
  ], {
    readFile: readSource,
    listFiles: () => [],
    writeFile(name: string, contents: string | Uint8Array) {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array<ArrayBuffer>;
    },
    transforms: [keepProgram as Transform],
  });
  if (error || binary === undefined || program === undefined) {
    throw new SyntaxError(`${entry} does not compile: ${error} ${stderr}`);
  }
  return { binary, program };
}

function readAssembly(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(`assembly/${name}`, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
