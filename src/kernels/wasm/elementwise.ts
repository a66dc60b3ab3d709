import { util } from "@tensorflow/tfjs";
import type { WasmKernel } from "./kernel_host.ts";

/** A factor and a number added. */
export const scale: WasmKernel<"DupbenchScale"> = {
  name: "DupbenchScale",
  run(host, { inputs: { x }, attrs: { factor, offset } }) {
    const y = host.output(x.shape);
    const size = util.sizeFromShape(x.shape);
    host.kernels.scale(host.address(x), size, factor, offset, host.address(y));
    return y;
  },
};

/** Products element by element. */
export const multiply: WasmKernel<"DupbenchMultiply"> = {
  name: "DupbenchMultiply",
  run(host, { inputs: { a, b } }) {
    const y = host.output(a.shape);
    host.kernels.multiply(
      host.address(a),
      host.address(b),
      util.sizeFromShape(a.shape),
      host.address(y),
    );
    return y;
  },
};

/** Sums element by element. */
export const add: WasmKernel<"DupbenchAdd"> = {
  name: "DupbenchAdd",
  run(host, { inputs: { a, b } }) {
    const y = host.output(a.shape);
    host.kernels.add(
      host.address(a),
      host.address(b),
      util.sizeFromShape(a.shape),
      host.address(y),
    );
    return y;
  },
};
