import { util } from "@tensorflow/tfjs";
import type { WasmKernel } from "./kernel_host.ts";

/** Sums of columns: the gradient of a bias. */
export const columnSums: WasmKernel<"DupbenchColumnSums"> = {
  name: "DupbenchColumnSums",
  run(host, { inputs: { x } }) {
    const columns = x.shape.at(-1)!;
    const sums = host.output([columns]);
    host.kernels.sumRows(
      host.address(x),
      util.sizeFromShape(x.shape.slice(0, -1)),
      columns,
      1,
      host.address(sums),
    );
    return sums;
  },
};

/** The mean of all numbers. */
export const mean: WasmKernel<"DupbenchMean"> = {
  name: "DupbenchMean",
  run(host, { inputs: { x } }) {
    const y = host.output([]);
    const size = util.sizeFromShape(x.shape);
    host.kernels.mean(host.address(x), size, host.address(y));
    return y;
  },
};

/** Counts rows of zeros. */
export const countZeroRows: WasmKernel<"DupbenchCountZeroRows"> = {
  name: "DupbenchCountZeroRows",
  run(host, { inputs: { x } }) {
    const [rows, ...rest] = x.shape as [number, ...number[]];
    const count = host.output([]);
    host.kernels.countZeroRows(
      host.address(x),
      rows,
      util.sizeFromShape(rest),
      host.address(count),
    );
    return count;
  },
};
