import { util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { KernelCall } from "../common/kernel.ts";
import type { WasmKernel } from "./kernel_host.ts";

const axesOf = ({ inputs: { x }, attrs }: KernelCall<"Reverse">) =>
  util.parseAxisParam(attrs.dims, x.shape);

/** A tensor turned around along an axis, as recurrent layers read backwards. */
export const reverse: WasmKernel<"Reverse"> = {
  name: "Reverse",
  anyType: true,
  accepts: (call) =>
    isCopied(call.inputs.x.dtype) && call.inputs.x.shape.length > 0 &&
    axesOf(call).length === 1,
  run(host, call) {
    const { dtype, shape } = call.inputs.x;
    const axis = axesOf(call)[0]!;
    const y = host.output(shape, dtype as CopiedType);
    const rows = shape[axis]!;
    const bytes = util.bytesPerElement(dtype as CopiedType) *
      util.sizeFromShape(shape.slice(axis + 1));
    const [from, to] = [host.address(call.inputs.x), host.address(y)];
    const outer = util.sizeFromShape(shape.slice(0, axis));
    for (let i = 0; i < outer; i++) {
      const first = i * rows * bytes;
      const last = from + first + (rows - 1) * bytes;
      host.kernels.copyRows(last, -bytes, rows, bytes, to + first, bytes);
    }
    return y;
  },
};
