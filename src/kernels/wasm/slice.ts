import { slice_util, type Tensor, util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * A box of a tensor. The official kernel first copies the whole tensor, and does
 * not check that the box lies in it.
 */
export const slice: WasmKernel<"Slice"> = {
  name: "Slice",
  anyType: true,
  accepts: ({ inputs: { x } }) => isCopied(x.dtype),
  run(host, { inputs: { x }, attrs: { begin, size } }) {
    const tensor = x as Tensor;
    const [first, sizes] = slice_util.parseSliceParams(tensor, begin, size) as [
      number[],
      number[],
    ];
    slice_util.assertParamsValid(tensor, first, sizes);
    const y = host.output(sizes, x.dtype as CopiedType);
    if (util.sizeFromShape(sizes) === 0) return y;
    const width = util.bytesPerElement(x.dtype as CopiedType);
    const strides = [...util.computeStrides(x.shape), 1].map((n) => n * width);
    // The last axis that is cut: what follows lies together.
    let cut = sizes.length - 1;
    while (cut > 0 && sizes[cut] === x.shape[cut]) cut--;
    const bytes = cut < 0 ? width : sizes[cut]! * strides[cut]!;
    const rows = cut < 1 ? 1 : sizes[cut - 1]!;
    const step = cut < 1 ? 0 : strides[cut - 1]!;
    let to = host.address(y);
    const copy = (axis: number, from: number) => {
      from += (first[axis] ?? 0) * (strides[axis] ?? 0);
      if (axis >= cut - 1) {
        const start = cut < 1 ? from : from + first[cut]! * strides[cut]!;
        host.kernels.copyRows(start, step, rows, bytes, to, bytes);
        to += rows * bytes;
      } else {
        for (let i = 0; i < sizes[axis]!; i++) {
          copy(axis + 1, from + i * strides[axis]!);
        }
      }
    };
    copy(0, host.address(x));
    return y;
  },
};
