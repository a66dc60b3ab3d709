import { util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { KernelCall } from "../common/kernel.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** Repetitions along axes, by copies of whole blocks. */
export const tile: WasmKernel<"Tile"> = {
  name: "Tile",
  anyType: true,
  accepts: ({ inputs: { x } }) => isCopied(x.dtype),
  run(host, { inputs: { x }, attrs: { reps } }) {
    const shape = x.shape.map((size, i) => size * reps[i]!);
    const y = host.output(shape, x.dtype as CopiedType);
    const bytes = util.bytesPerElement(x.dtype as CopiedType);
    if (util.sizeFromShape(shape) === 0) return y;
    const passes = planPasses(x.shape, { reps, bytes });
    // Copied as a whole where nothing is repeated.
    if (passes.length === 0) {
      passes.push({
        blocks: 1,
        bytes: bytes * util.sizeFromShape(shape),
        times: 1,
      });
    }
    const sizes = passes.map(({ blocks, bytes, times }) =>
      blocks * bytes * times
    );
    let work = host.scratch(
      sizes.slice(0, -1).reduce((sum, size) => sum + size, 0),
    );
    let from = host.address(x);
    passes.forEach(({ blocks, bytes, times }, i) => {
      const to = i === passes.length - 1 ? host.address(y) : work;
      host.kernels.repeatBlocks(from, blocks, bytes, times, to);
      from = to;
      work += sizes[i]!;
    });
    return y;
  },
};

/** One pass over the numbers, in which each block is repeated. */
interface Pass {
  readonly blocks: number;
  readonly bytes: number;
  readonly times: number;
}

/** The passes from the last axis to the first; neighbours of size 1 are one. */
function planPasses(
  shape: readonly number[],
  { reps, bytes }: KernelCall<"Tile">["attrs"] & { bytes: number },
): Pass[] {
  const passes: Pass[] = [];
  let blocks = util.sizeFromShape([...shape]);
  for (let i = shape.length - 1; i >= 0; i--) {
    blocks /= shape[i]!;
    bytes *= shape[i]!;
    if (reps[i] === 1) continue;
    const last = passes.at(-1);
    const times = reps[i]!;
    if (last && last.bytes * last.times === bytes) {
      passes[passes.length - 1] = { ...last, times: last.times * times };
    } else {
      passes.push({ blocks, bytes, times });
    }
    bytes *= times;
  }
  return passes;
}
