/**
 * Compiles `assembly/index.ts` to `kernels.wasm` and writes the types of what
 * it exports to `kernel_exports.ts`. With `--check` it writes nothing and fails
 * unless the committed files equal those of a fresh build.
 *
 * @module
 */
import { compileAssembly } from "./compile_assembly.ts";
import { typeExports } from "./type_exports.ts";

const { binary, program } = await compileAssembly("index.ts");
const files = {
  "kernels.wasm": binary,
  "kernel_exports.ts": new TextEncoder().encode(typeExports(program, "index")),
};
for (const [name, fresh] of Object.entries(files)) {
  const path = new URL(name, import.meta.url);
  if (!Deno.args.includes("--check")) {
    await Deno.writeFile(path, fresh);
    console.log(`Wrote ${fresh.length} bytes to ${name}`);
    continue;
  }
  const committed = await Deno.readFile(path);
  const isEqual = committed.length === fresh.length &&
    committed.every((byte, i) => byte === fresh[i]);
  if (!isEqual) {
    console.error(
      `${name} (${committed.length} bytes) differs from a fresh build (${fresh.length} bytes): run deno task build:wasm`,
    );
    Deno.exit(1);
  }
  console.log(`${name} equals a fresh build (${fresh.length} bytes)`);
}
