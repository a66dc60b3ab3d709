import type { TensorInfo } from "@tensorflow/tfjs";
import { activationOf, hasColumnBias } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import { matrixProduct } from "../common/matrix_product.ts";
import { reader } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { biasAndActivation, type Epilogue } from "./epilogue.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";
import type { Binding } from "./program.ts";
import type { Factor } from "./factor.ts";
import { range } from "./factor_code.ts";
import { multiply } from "./tiled_product.ts";

/** Terms of a sum up to which tiles do not pay. */
const FEW_TERMS = 4;

type Call = KernelCall<"BatchMatMul" | "_FusedMatMul">;

/**
 * A product of two matrices, with either of them transposed. Batches of matrices
 * go to the official kernel.
 *
 * For one product of at least 2,000 inner elements and a small result, such as
 * the first dense layer, the official kernel adds atomically ("split K"). Since
 * threads finish in any order, equal runs give unequal sums; and with `b`
 * transposed and a multiple of 4 columns, it reads `b` along the wrong axis, so
 * that the product is wrong. Here slices of the sums are added in order.
 */
export const batchMatMul: WebgpuKernel<"BatchMatMul"> = {
  name: "BatchMatMul",
  accepts: isOneProduct,
  run: (host, call) => multiplyMatrices(host, call),
};

/** The same with a bias and a clamp; the official kernel gets other activations. */
export const fusedMatMul: WebgpuKernel<"_FusedMatMul"> = {
  name: "_FusedMatMul",
  accepts: (call) =>
    isOneProduct(call) && activationOf(call) !== undefined &&
    hasColumnBias(call, matrixProduct(call).columns),
  run: (host, call) => multiplyMatrices(host, call, biasAndActivation(call)),
};

function multiplyMatrices(
  host: KernelHost,
  call: Call,
  epilogue?: Epilogue,
): TensorInfo {
  const { a, b } = call.inputs;
  const { transposeA, transposeB, rows, depth, columns } = matrixProduct(call);
  const [lineA, lineB] = [a.shape.at(-1)!, b.shape.at(-1)!];
  if (
    transposeA && !transposeB && depth > 0 && depth <= FEW_TERMS && !epilogue
  ) {
    return outerProducts(host, { a, b, rows, columns, depth });
  }
  const fourA = lineA % 4 === 0;
  const fourB = lineB % 4 === 0;
  return multiply(
    host,
    {
      key: `matMul_${transposeA}_${transposeB}`,
      rows,
      columns,
      depth,
      a: factor("a", { along: transposeA ? "side" : "depth", vector: fourA }),
      b: factor("b", { along: transposeB ? "depth" : "side", vector: fourB }),
      inputs: { matrixA: bind(a, fourA), matrixB: bind(b, fourB) },
      integers: { lineA: [lineA], lineB: [lineB] },
    },
    [...a.shape.slice(0, -2), rows, columns],
    epilogue,
  );
}

/**
 * The sum of the outer products of a few pairs of vectors, such as the gradient
 * of a dense layer's weights for few images: there is little to compute, so
 * memory is passed in order, each element by a thread of its own.
 */
function outerProducts(
  host: KernelHost,
  { a, b, rows, columns, depth }: {
    a: TensorInfo;
    b: TensorInfo;
    rows: number;
    columns: number;
    depth: number;
  },
): TensorInfo {
  const y = host.output([...a.shape.slice(0, -2), rows, columns]);
  const vector = columns % 4 === 0;
  elementwise(host, {
    key: `outerProducts_${depth}`,
    scalar: !vector,
    scalarInputs: { a },
    inputs: { b },
    outputs: { y },
    integers: {
      rows: [rows],
      columns: [vector ? columns / 4 : columns],
    },
    code: `
fn element(i : i32) {
  let row = quotient(i, uniforms.columns);
  let column = i - row * uniforms.columns;
  var sum = Value();
  ${
      range(depth).map((k) =>
        `sum += a[${k} * uniforms.rows + row] * b[${k} * uniforms.columns + column];`
      ).join("\n  ")
    }
  y[i] = sum;
}`,
  });
  return y;
}

/** Whether a call is for one product rather than a batch of them. */
function isOneProduct({ inputs: { a, b } }: Call): boolean {
  return [a, b].every(({ shape }) => shape.slice(0, -2).every((n) => n === 1));
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
