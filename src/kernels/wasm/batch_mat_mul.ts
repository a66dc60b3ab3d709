import {
  type BatchMatMulAttrs,
  broadcast_util,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs";
import { activationOf, addBias } from "./add_bias.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { KernelCall, TrainingKernel } from "./training_kernel.ts";

/** Matrix product with either side transposed, batches broadcast. */
export const batchMatMul: TrainingKernel = {
  name: "BatchMatMul",
  run: multiply,
};

/** Matrix product, bias and clamp at zero (or at zero and six) in one kernel. */
export const fusedMatMul: TrainingKernel = {
  name: "_FusedMatMul",
  accepts: (call) => activationOf(call) !== undefined,
  run(host, call) {
    const y = multiply(host, call);
    addBias(host, y, call);
    return y;
  },
};

function multiply(host: KernelHost, call: KernelCall): TensorInfo {
  const { a, b } = call.inputs as Record<"a" | "b", TensorInfo>;
  const { transposeA, transposeB } = call.attrs as unknown as BatchMatMulAttrs;
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const m = transposeA ? aColumns : aRows;
  const k = transposeA ? aRows : aColumns;
  const n = transposeB ? bRows : bColumns;
  const bInner = transposeB ? bColumns : bRows;
  if (k !== bInner) {
    throw new RangeError(
      `Cannot multiply matrices as their inner sizes must be equal: current value is ${k} and ${bInner}`,
    );
  }
  const outer = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const c = host.output([...outer, m, n]);
  const { kernels } = host;
  const [scratch] = host.scratch(kernels.gemmScratch()) as [number];
  const aAt = host.address(a);
  const bAt = host.address(b);
  const cAt = host.address(c);
  const batches = util.sizeFromShape(outer);
  for (let i = 0; i < batches; i++) {
    kernels.gemm(
      m,
      n,
      k,
      aAt + batchIndex(i, outer, a.shape) * m * k * 4,
      transposeA ? 1 : aColumns,
      transposeA ? aColumns : 1,
      bAt + batchIndex(i, outer, b.shape) * k * n * 4,
      transposeB ? 1 : bColumns,
      transposeB ? bColumns : 1,
      cAt + i * m * n * 4,
      scratch,
    );
  }
  return c;
}

/** Which matrix of an operand the i-th product takes, sizes of 1 repeated. */
function batchIndex(
  i: number,
  outer: readonly number[],
  shape: readonly number[],
): number {
  let index = 0;
  let step = 1;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const coordinate = i % outer[axis]!;
    i = (i - coordinate) / outer[axis]!;
    const size = shape[axis + shape.length - 2 - outer.length] ?? 1;
    if (size > 1) index += coordinate * step;
    step *= size;
  }
  return index;
}
