import {
  compileAssembly,
  memoryPages,
} from "../../../src/kernels/wasm/compile_assembly.ts";

/** Float32 operations of one round of the loop in `assembly/peak.ts`. */
const OPERATIONS = 72;

/**
 * Compiles and warms up a loop of separate multiplies and adds in registers: the
 * peak rate of the machine in WebAssembly SIMD.
 *
 * @returns A function that runs the given number of rounds, and the operations
 * of a round.
 */
export async function compilePeak(): Promise<
  { run: (rounds: number) => void; operations: number }
> {
  const { instance } = await WebAssembly.instantiate(
    (await compileAssembly("peak.ts")).binary,
    { env: { memory: new WebAssembly.Memory({ initial: memoryPages }) } },
  );
  const peak = instance.exports["peak"] as (
    rounds: number,
    ...factors: [number, number, number]
  ) => number;
  // V8 optimises the loop only when it is entered again.
  for (let i = 0; i < 10; i++) peak(1e6, 0.1, 0.2, 0.3);
  return {
    run: (rounds) => peak(rounds, 0.1, 0.2, 0.3),
    operations: OPERATIONS,
  };
}
