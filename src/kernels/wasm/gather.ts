import { backend_util, type Tensor, util } from "@tensorflow/tfjs";
import { type CopiedType, isCopied } from "./copied_type.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Rows by their indices: what `model.fit()` takes a batch with. The official kernel
 * copies number by number, and mixes up batches.
 */
export const gather: WasmKernel<"GatherV2"> = {
  name: "GatherV2",
  anyType: true,
  accepts: ({ inputs: { x, indices }, attrs: { axis } }) =>
    isCopied(x.dtype) && indices.dtype === "int32" && x.shape.at(axis)! > 0,
  run(host, { inputs: { x, indices }, attrs }) {
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const count = util.sizeFromShape(indices.shape);
    const size = x.shape[axis]!;
    const at = host.address(indices);
    const outside = host.kernels.findOutside(at, count, size);
    if (outside !== 0) {
      throw new RangeError(
        `GatherV2: the index value ${outside} is not in [0, ${size - 1}]`,
      );
    }
    const { batchSize, outerSize, sliceSize, outputShape } = backend_util
      .segment_util.collectGatherOpShapeInfo(
        x as Tensor,
        indices as Tensor,
        axis,
        attrs.batchDims,
      );
    const y = host.output(outputShape, x.dtype as CopiedType);
    const bytes = sliceSize * util.bytesPerElement(x.dtype as CopiedType);
    const each = count / batchSize;
    for (let batch = 0; batch < batchSize; batch++) {
      host.kernels.gatherBlocks(
        host.address(x) + batch * outerSize * size * bytes,
        outerSize,
        size,
        bytes,
        at + batch * each * 4,
        each,
        host.address(y) + batch * outerSize * each * bytes,
      );
    }
    return y;
  },
};
