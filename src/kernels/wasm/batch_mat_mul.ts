import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import { matrixProduct } from "../common/matrix_product.ts";
import { addBias } from "./add_bias.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** Matrix product with either side transposed and batches broadcast. */
export const batchMatMul: WasmKernel<"BatchMatMul"> = {
  name: "BatchMatMul",
  run: multiply,
};

/**
 * Matrix product, bias and activation; a clamp at zero, or at zero and six, in one
 * kernel. The official kernel sets nothing where no product is summed.
 */
export const fusedMatMul: WasmKernel<"_FusedMatMul"> = {
  name: "_FusedMatMul",
  run: (host, call) => addBias(host, multiply(host, call), call),
};

function multiply(
  host: KernelHost,
  call: KernelCall<"BatchMatMul" | "_FusedMatMul">,
): TensorInfo {
  const { a, b } = call.inputs;
  const { transposeA, transposeB, rows, depth, columns, batchShape } =
    matrixProduct(call);
  const aLine = a.shape.at(-1)!;
  const bLine = b.shape.at(-1)!;
  const c = host.output([...batchShape, rows, columns]);
  const { kernels } = host;
  const scratch = host.scratch(kernels.gemmScratch());
  const aAt = host.address(a);
  const bAt = host.address(b);
  const cAt = host.address(c);
  const count = util.sizeFromShape([...batchShape]);
  for (let i = 0; i < count; i++) {
    kernels.gemm(
      rows,
      columns,
      depth,
      aAt + matrixIndex(i, batchShape, a.shape) * rows * depth * 4,
      transposeA ? 1 : aLine,
      transposeA ? aLine : 1,
      bAt + matrixIndex(i, batchShape, b.shape) * depth * columns * 4,
      transposeB ? 1 : bLine,
      transposeB ? bLine : 1,
      cAt + i * rows * columns * 4,
      scratch,
    );
  }
  return c;
}

/** Which matrix of an operand the i-th product takes; sizes of 1 are repeated. */
function matrixIndex(
  i: number,
  batchShape: readonly number[],
  shape: readonly number[],
): number {
  let index = 0;
  let step = 1;
  for (let axis = batchShape.length - 1; axis >= 0; axis--) {
    const coordinate = i % batchShape[axis]!;
    i = (i - coordinate) / batchShape[axis]!;
    const size = shape[axis + shape.length - 2 - batchShape.length] ?? 1;
    if (size > 1) index += coordinate * step;
    step *= size;
  }
  return index;
}
