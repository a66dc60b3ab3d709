import { compileAssembly } from "../../src/wasm/compile_assembly.ts";

/** 80 operations a round: 8e8 a call, so 1e9 / p75 in ns * .8 is GFLOP/s. */
const ROUNDS = 1e7;

const { instance } = await WebAssembly.instantiate(
  await compileAssembly("peak.ts") as Uint8Array<ArrayBuffer>,
  { env: { memory: new WebAssembly.Memory({ initial: 1 }) } },
);
const peak = instance.exports["peak"] as (rounds: number) => number;
for (let i = 0; i < 10; i++) peak(ROUNDS / 10);

Deno.bench({
  name: "80e7 float32 operations in registers",
  group: "peak",
  // deno-lint-ignore require-await
  async fn() {
    peak(ROUNDS);
  },
});
