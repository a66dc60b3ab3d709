import {
  _FusedMatMul,
  BatchMatMul,
  type BatchMatMulAttrs,
  env,
  getKernel,
  type KernelConfig,
} from "@tensorflow/tfjs";
import { kernelCall } from "./webgpu_kernel.ts";

/** The flag by which TF.js chooses a matrix program, and two of its values. */
const flag = "WEBGPU_MATMUL_PROGRAM_TYPE";
const ownChoice = -1;
const smallOutputSize = 2;

/**
 * The stock matrix products, kept off the one program of theirs that adds
 * atomically ("split K"). TF.js takes it for a single product of at least 2,000
 * inner elements and a small result, such as the first dense layer at batches
 * up to 64. As threads arrive in any order there, equal runs give unequal sums;
 * and with `b` transposed and columns a multiple of 4 it reads `b` along the
 * wrong axis, so that the product is wrong. Such products use the program for
 * small results here, which has a fixed order.
 */
export function batchMatMuls(): KernelConfig[] {
  return [BatchMatMul, _FusedMatMul].map((kernelName) => {
    const stock = getKernel(kernelName, "webgpu")!;
    return {
      ...stock,
      kernelFunc(call) {
        const { inputs: { a, b }, attrs } = kernelCall<
          "a" | "b",
          BatchMatMulAttrs
        >(call);
        if (!maySplitSum(a.shape, b.shape, attrs)) {
          return stock.kernelFunc(call);
        }
        env().set(flag, smallOutputSize);
        try {
          return stock.kernelFunc(call);
        } finally {
          env().set(flag, ownChoice);
        }
      },
    };
  });
}

/**
 * Whether TF.js 4.22 may add atomically. The bound of 32 tiles is the largest
 * it uses on any device; beyond it, it never does.
 */
function maySplitSum(
  a: number[],
  b: number[],
  { transposeA, transposeB }: BatchMatMulAttrs,
): boolean {
  const [inner, rows] = transposeA
    ? [a.at(-2)!, a.at(-1)!]
    : [a.at(-1)!, a.at(-2)!];
  const columns = transposeB ? b.at(-2)! : b.at(-1)!;
  return inner >= 2000 && rows * columns > 128 &&
    Math.ceil(rows / 32) * Math.ceil(columns / 32) <= 32;
}
