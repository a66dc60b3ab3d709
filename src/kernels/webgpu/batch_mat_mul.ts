import type { TensorInfo } from "@tensorflow/tfjs";
import { reader } from "./convolution.ts";
import { activationOf, addBias, hasPlainBias } from "./add_bias.ts";
import type { Binding, KernelHost } from "./kernel_host.ts";
import { type Factor, multiply } from "./tiled_product.ts";
import type { KernelCall, TrainingKernel } from "./training_kernel.ts";

/**
 * A product of two matrices, either of them transposed. Batches of matrices go
 * to the official kernel.
 *
 * For one product of at least 2,000 inner elements and a small result, such as
 * the first dense layer, the official kernel adds atomically ("split K"). As
 * threads arrive in any order there, equal runs give unequal sums; and with `b`
 * transposed and columns a multiple of 4 it reads `b` along the wrong axis, so
 * that the product is wrong. Here slices of the sums are added in order.
 */
export const batchMatMul: TrainingKernel = {
  name: "BatchMatMul",
  accepts: isOneProduct,
  run: multiplyMatrices,
};

/** The same with a bias and a clamp; other activations are left to TF.js. */
export const fusedMatMul: TrainingKernel = {
  name: "_FusedMatMul",
  accepts: (call) =>
    isOneProduct(call) && activationOf(call) !== undefined &&
    hasPlainBias(call, sizesOf(call).columns),
  run: (host, call) => addBias(host, multiplyMatrices(host, call), call),
};

function multiplyMatrices(host: KernelHost, call: KernelCall): TensorInfo {
  const { a, b } = call.inputs as Record<"a" | "b", TensorInfo>;
  const { transposeA, transposeB, rows, depth, columns } = sizesOf(call);
  const [lineA, lineB] = [a.shape.at(-1)!, b.shape.at(-1)!];
  const fourA = lineA % 4 === 0;
  const fourB = lineB % 4 === 0;
  return multiply(host, {
    key: `matMul_${transposeA}_${transposeB}`,
    rows,
    columns,
    depth,
    a: factor("a", { along: transposeA ? "side" : "depth", vector: fourA }),
    b: factor("b", { along: transposeB ? "depth" : "side", vector: fourB }),
    inputs: { matrixA: bind(a, fourA), matrixB: bind(b, fourB) },
    integers: { lineA: [lineA], lineB: [lineB] },
  }, [...a.shape.slice(0, -2), rows, columns]);
}

function sizesOf({ inputs, attrs }: KernelCall) {
  const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
  const transposeA = attrs?.["transposeA"] === true;
  const transposeB = attrs?.["transposeB"] === true;
  const [m, n] = a.shape.slice(-2) as [number, number];
  const [p, q] = b.shape.slice(-2) as [number, number];
  const [rows, depth] = transposeA ? [n, m] : [m, n];
  return { transposeA, transposeB, rows, depth, columns: transposeB ? p : q };
}

/** Whether a call is for one product rather than a batch of them. */
function isOneProduct({ inputs }: KernelCall): boolean {
  return [inputs["a"]!, inputs["b"]!].every(({ shape }) =>
    shape.slice(0, -2).every((n) => n === 1)
  );
}

function bind(tensor: TensorInfo, vector: boolean): Binding {
  return [tensor, vector ? "vec4<f32>" : "f32"];
}

/** A matrix whose lines lie along the given direction. */
function factor(
  name: "a" | "b",
  { along, vector }: { along: "side" | "depth"; vector: boolean },
): Factor {
  const matrix = `matrix${name.toUpperCase()}`;
  const line = `uniforms.line${name.toUpperCase()}`;
  const sides = name === "a" ? "uniforms.rows" : "uniforms.columns";
  const [sideStep, depthStep] = along === "side" ? ["1", line] : [line, "1"];
  // Without vectors, four neighbours are read one by one either way.
  return {
    form: along,
    vector,
    code: `
${reader(matrix, vector)}
fn ${name}Side(index : i32) -> vec4<i32> {
  return vec4<i32>(index * ${sideStep}, i32(index < ${sides}), 0, 0);
}
fn ${name}Depth(index : i32) -> vec4<i32> {
  return vec4<i32>(index * ${depthStep}, i32(index < uniforms.depth), 0, 0);
}
fn ${name}At(side : vec4<i32>, depth : vec4<i32>) -> Element_${matrix} {
  if (side.y * depth.y == 0) { return Element_${matrix}(); }
  return read_${matrix}(side.x + depth.x);
}`,
  };
}
