import { broadcast_util } from "@tensorflow/tfjs";
import type { KernelCall } from "./kernel.ts";

/** The sizes of a matrix product `[..., rows, depth] x [..., depth, columns]`. */
export interface MatrixProduct {
  /** Whether the left matrix is stored with its axes exchanged. */
  readonly transposeA: boolean;
  /** Whether the right matrix is stored with its axes exchanged. */
  readonly transposeB: boolean;
  /** Rows of the result. */
  readonly rows: number;
  /** Terms of each sum. */
  readonly depth: number;
  /** Columns of the result. */
  readonly columns: number;
  /** Shape of the batch of results, sizes of 1 broadcast. */
  readonly batchShape: readonly number[];
}

/**
 * The sizes of a call of `BatchMatMul` or `_FusedMatMul`.
 *
 * @throws {RangeError} If an operand is no matrix, or the inner sizes differ.
 */
export function matrixProduct(
  { inputs: { a, b }, attrs }: KernelCall<"BatchMatMul" | "_FusedMatMul">,
): MatrixProduct {
  const { transposeA = false, transposeB = false } = attrs;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new RangeError(
      `A matrix product needs operands of at least rank 2, got shapes [${
        a.shape.join(", ")
      }] and [${b.shape.join(", ")}]`,
    );
  }
  const [m, n] = a.shape.slice(-2) as [number, number];
  const [p, q] = b.shape.slice(-2) as [number, number];
  const [rows, depth] = transposeA ? [n, m] : [m, n];
  const [inner, columns] = transposeB ? [q, p] : [p, q];
  if (depth !== inner) {
    throw new RangeError(
      `A matrix product needs equal inner sizes, got ${depth} and ${inner}`,
    );
  }
  const batchShape = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  return { transposeA, transposeB, rows, depth, columns, batchShape };
}
