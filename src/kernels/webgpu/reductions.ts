import { type TensorInfo, util } from "@tensorflow/tfjs";
import { fill } from "./fill.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";
import type { ElementType } from "./program.ts";

const threads = 64;

/**
 * The mean of all numbers: each of 64 threads adds every 64th, then one thread
 * adds their sums.
 */
export const mean: WebgpuKernel<"DupbenchMean"> = {
  name: "DupbenchMean",
  run(host, { inputs: { x } }) {
    const rows = util.sizeFromShape(x.shape);
    if (rows === 0) return fill(host, [], NaN);
    return reduce(host, {
      key: "mean",
      x,
      type: "f32",
      rows,
      columns: 1,
      term: "x[row]",
      result: "total / f32(uniforms.rows)",
    });
  },
};

/** Counts rows of zeros. */
export const countZeroRows: WebgpuKernel<"DupbenchCountZeroRows"> = {
  name: "DupbenchCountZeroRows",
  run(host, { inputs: { x } }) {
    const [rows, ...rest] = x.shape as [number, ...number[]];
    const columns = util.sizeFromShape(rest);
    if (rows * columns === 0) return fill(host, [], rows);
    const vector = columns % 4 === 0;
    return reduce(host, {
      key: `countZeroRows_${vector}`,
      x,
      type: vector ? "vec4<f32>" : "f32",
      rows,
      columns: vector ? columns / 4 : columns,
      term: "f32(isZero(row))",
      result: "total",
      code: `
fn isZero(row : i32) -> bool {
  let last = (row + 1) * uniforms.columns;
  for (var i = row * uniforms.columns; i < last; i++) {
    // By their bits, since devices may take denormals for 0; without the sign.
    let bits = bitcast<${vector ? "vec4<u32>" : "u32"}>(x[i]) << ${
        vector ? "vec4<u32>(1u)" : "1u"
      };
    if (${vector ? "any(bits != vec4<u32>())" : "bits != 0u"}) { return false; }
  }
  return true;
}`,
    });
  },
};

/** A sum over rows, computed by one workgroup. */
interface Reduction {
  readonly key: string;
  readonly x: TensorInfo;
  readonly type: ElementType;
  readonly rows: number;
  readonly columns: number;
  /** What `row` adds, in WGSL. */
  readonly term: string;
  /** The result, from `total`. */
  readonly result: string;
  readonly code?: string;
}

function reduce(host: KernelHost, reduction: Reduction): TensorInfo {
  const { key, x, type, rows, columns, term, result, code = "" } = reduction;
  const y = host.output([]);
  host.run({
    key,
    code: `
var<workgroup> sums : array<f32, ${threads}>;
${code}
fn main(thread : i32, group : vec3<i32>) {
  var sum = 0.0;
  for (var row = thread; row < uniforms.rows; row += ${threads}) {
    sum += ${term};
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread > 0) { return; }
  var total = 0.0;
  for (var i = 0; i < ${threads}; i++) { total += sums[i]; }
  y[0] = ${result};
}`,
    inputs: { x: [x, type] },
    outputs: { y: [y, "f32"] },
    integers: { rows: [rows], columns: [columns] },
    threads,
    workgroups: [1, 1, 1],
  });
  return y;
}
