import type { TensorInfo } from "@tensorflow/tfjs";
import { reader } from "./convolution.ts";
import type { Binding } from "./kernel_host.ts";
import { type Factor, multiply } from "./tiled_product.ts";
import type { TrainingKernel } from "./training_kernel.ts";

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
  accepts: ({ inputs }) => isMatrix(inputs["a"]!) && isMatrix(inputs["b"]!),
  run(host, { inputs, attrs }) {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    const transposeA = attrs?.["transposeA"] === true;
    const transposeB = attrs?.["transposeB"] === true;
    const [m, n] = a.shape.slice(-2) as [number, number];
    const [p, q] = b.shape.slice(-2) as [number, number];
    const [rows, depth] = transposeA ? [n, m] : [m, n];
    const columns = transposeB ? p : q;
    const fourA = n % 4 === 0;
    const fourB = q % 4 === 0;
    const shape = [...a.shape.slice(0, -2), rows, columns];
    return multiply(host, {
      key: `matMul_${transposeA}_${transposeB}`,
      rows,
      columns,
      depth,
      a: factor("a", { along: transposeA ? "side" : "depth", vector: fourA }),
      b: factor("b", { along: transposeB ? "depth" : "side", vector: fourB }),
      inputs: { matrixA: bind(a, fourA), matrixB: bind(b, fourB) },
      integers: { lineA: [n], lineB: [q] },
    }, shape);
  },
};

function isMatrix({ shape }: TensorInfo): boolean {
  return shape.slice(0, -2).every((n) => n === 1);
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
