import { backend_util, type TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { RegistryCall } from "./on_cpu.ts";

type Shape5D = [number, number, number, number, number];

/**
 * Gradient of max pooling of volumes, to the last largest voxel of each window.
 * The official kernel takes windows of negative numbers for empty ones, and that
 * of the cpu backend mixes up the rows and columns of a window.
 */
export function maxPool3dGrad(
  { inputs, attrs, backend: given }: RegistryCall,
): TensorInfo {
  const backend = given as BackendWasm;
  const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
    filterSize: number | [number, number, number];
    strides: number | [number, number, number];
    pad: "valid" | "same" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const info = backend_util.computePool3DInfo(
    input.shape as Shape5D,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { inDepth, inHeight, inWidth, inChannels: channels } = info;
  const [batch, outDepth, outHeight, outWidth] = dy.shape as Shape5D;
  const dx = backend.makeOutput(input.shape, "float32");
  const values = backend.typedArrayFromHeap(input);
  const parts = backend.typedArrayFromHeap(dy);
  const sums = backend.typedArrayFromHeap(dx).fill(0);
  let part = 0;
  for (let b = 0; b < batch; b++) {
    for (let oz = 0; oz < outDepth; oz++) {
      const z = oz * info.strideDepth - info.padInfo.front;
      const z1 = Math.min(z + info.filterDepth, inDepth);
      for (let oy = 0; oy < outHeight; oy++) {
        const y = oy * info.strideHeight - info.padInfo.top;
        const y1 = Math.min(y + info.filterHeight, inHeight);
        for (let ox = 0; ox < outWidth; ox++) {
          const x = ox * info.strideWidth - info.padInfo.left;
          const x1 = Math.min(x + info.filterWidth, inWidth);
          for (let c = 0; c < channels; c++, part++) {
            let winner = -1;
            let most = -Infinity;
            for (let iz = Math.max(z, 0); iz < z1; iz++) {
              for (let iy = Math.max(y, 0); iy < y1; iy++) {
                for (let ix = Math.max(x, 0); ix < x1; ix++) {
                  const at = (((b * inDepth + iz) * inHeight + iy) * inWidth +
                        ix) * channels + c;
                  if (values[at]! >= most) [most, winner] = [values[at]!, at];
                }
              }
            }
            if (winner >= 0) sums[winner]! += parts[part]!;
          }
        }
      }
    }
  }
  return dx;
}
