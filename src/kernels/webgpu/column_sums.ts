import { util } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { sumSlices } from "./sum_slices.ts";

/** So many rows are added by one thread: a second program would cost more. */
const fewRows = 128;

/** Rows that one thread adds where there are more. */
const someRows = 32;

/** Rows that one thread adds when columns of so many are summed. */
export function rowsInSlice(rows: number): number {
  return rows <= fewRows ? rows : someRows;
}

/**
 * Sums of columns. Long ones are cut into slices of rows, which a second program
 * adds in order: nothing is added atomically.
 */
export const columnSums: WebgpuKernel<"DupbenchColumnSums"> = {
  name: "DupbenchColumnSums",
  run(host, { inputs: { x } }) {
    const columns = x.shape.at(-1)!;
    const rows = util.sizeFromShape(x.shape.slice(0, -1));
    if (rows * columns === 0) return host.zeros([columns]);
    const inSlice = rowsInSlice(rows);
    const slices = Math.ceil(rows / inSlice);
    const sums = host.output(slices === 1 ? [columns] : [slices, columns]);
    // A vector must not reach into the next row.
    const vector = columns % 4 === 0;
    elementwise(host, {
      key: "columnSums",
      scalar: !vector,
      inputs: { x },
      outputs: { sums },
      integers: {
        rows: [rows],
        columns: [vector ? columns / 4 : columns],
        inSlice: [inSlice],
      },
      code: `
fn element(i : i32) {
  let slice = quotient(i, uniforms.columns);
  let column = i - slice * uniforms.columns;
  let last = min((slice + 1) * uniforms.inSlice, uniforms.rows);
  var sum = Value();
  for (var row = slice * uniforms.inSlice; row < last; row++) {
    sum += x[row * uniforms.columns + column];
  }
  sums[i] = sum;
}`,
    });
    if (slices === 1) return sums;
    const total = sumSlices(host, sums, [columns]);
    host.dispose(sums);
    return total;
  },
};
