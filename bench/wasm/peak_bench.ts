import { compileAssembly } from "../../src/wasm/compile_assembly.ts";

/** 72 operations a round, so 7.2e8 a call: GFLOP/s is 720 over milliseconds. */
const ROUNDS = 1e7;

const { instance } = await WebAssembly.instantiate(
  await compileAssembly("peak.ts") as Uint8Array<ArrayBuffer>,
  { env: { memory: new WebAssembly.Memory({ initial: 1 }) } },
);
const peak = instance.exports["peak"] as (
  rounds: number,
  ...factors: [number, number, number]
) => number;
for (let i = 0; i < 10; i++) peak(ROUNDS / 10, 0.1, 0.2, 0.3);

Deno.bench({
  name: "7.2e8 float32 operations in registers",
  group: "peak",
  // deno-lint-ignore require-await
  async fn() {
    peak(ROUNDS, 0.1, 0.2, 0.3);
  },
});
