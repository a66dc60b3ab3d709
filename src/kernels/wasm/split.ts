import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/**
 * Parts of a tensor along an axis. The official kernel copies the whole tensor for
 * each of them.
 */
export const splitV: WasmKernel<"SplitV"> = {
  name: "SplitV",
  anyType: true,
  accepts: ({ inputs: { x } }) => isCopied(x.dtype),
  run(host, { inputs: { x }, attrs }) {
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const sizes = backend_util.prepareSplitSize(
      x as Parameters<typeof backend_util.prepareSplitSize>[0],
      attrs.numOrSizeSplits,
      axis,
    );
    return split(
      host,
      x,
      { axis, sizes },
      (size) => x.shape.map((all, i) => i === axis ? size : all),
    );
  },
};

/** Slices of a tensor along an axis, without that axis. */
export const unpack: WasmKernel<"Unpack"> = {
  name: "Unpack",
  anyType: true,
  accepts: ({ inputs: { value } }) => isCopied(value.dtype),
  run(host, { inputs: { value }, attrs }) {
    const axis = util.parseAxisParam(attrs.axis, value.shape)[0]!;
    const sizes = Array<number>(value.shape[axis]!).fill(1);
    const shape = value.shape.filter((_, i) => i !== axis);
    return split(host, value, { axis, sizes }, () => shape);
  },
};

function split(
  host: KernelHost,
  x: TensorInfo,
  { axis, sizes }: { axis: number; sizes: readonly number[] },
  shapeOf: (size: number) => number[],
): TensorInfo[] {
  const dtype = x.dtype as CopiedType;
  const rows = util.sizeFromShape(x.shape.slice(0, axis));
  const unit = util.bytesPerElement(dtype) *
    util.sizeFromShape(x.shape.slice(axis + 1));
  const step = unit * x.shape[axis]!;
  let at = 0;
  return sizes.map((size) => {
    const y = host.output(shapeOf(size), dtype);
    // Outputs may have grown the memory, but addresses stay.
    const from = host.address(x) + at;
    const bytes = unit * size;
    host.kernels.copyRows(from, step, rows, bytes, host.address(y), bytes);
    at += bytes;
    return y;
  });
}
