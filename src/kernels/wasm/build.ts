/**
 * Compiles `assembly/index.ts` to `kernels.wasm`. With `--check` it writes
 * nothing and fails unless the committed bytes are those of a fresh build.
 *
 * @module
 */
import { compileAssembly } from "./compile_assembly.ts";

const committed = new URL("./kernels.wasm", import.meta.url);
const fresh = await compileAssembly("index.ts");

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
