import { backend_util, util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** Tensors next to each other along an axis. */
export const concat: WasmKernel<"Concat"> = {
  name: "Concat",
  anyType: true,
  accepts({ inputs }) {
    const list = Object.values(inputs);
    return list.length > 1 && isCopied(list[0]!.dtype) &&
      list.every(({ dtype, shape }) =>
        dtype === list[0]!.dtype && util.sizeFromShape(shape) > 0
      );
  },
  run(host, { inputs, attrs }) {
    const list = Object.values(inputs);
    const [first] = list;
    const dtype = first!.dtype as CopiedType;
    const axis = util.parseAxisParam(attrs.axis, first!.shape)[0]!;
    const shapes = list.map(({ shape }) => shape);
    backend_util.assertParamsConsistent(shapes, axis);
    const shape = backend_util.computeOutShape(shapes, axis);
    const y = host.output(shape, dtype);
    const bytesFrom = (shape: number[]) =>
      util.bytesPerElement(dtype) * util.sizeFromShape(shape.slice(axis));
    const rows = util.sizeFromShape(shape.slice(0, axis));
    const step = bytesFrom(shape);
    let to = host.address(y);
    for (const x of list) {
      const bytes = bytesFrom(x.shape);
      host.kernels.copyRows(host.address(x), bytes, rows, bytes, to, step);
      to += bytes;
    }
    return y;
  },
};
