import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { RegistryCall } from "./on_cpu.ts";

/**
 * Sums of the rows with one segment number each, in their order: the gradient of
 * `tf.gather`, and so of embeddings. Rows with a negative number take no part,
 * nor those beyond the last segment.
 */
export function unsortedSegmentSum(
  { inputs, attrs, backend: given }: RegistryCall,
): TensorInfo {
  const backend = given as BackendWasm;
  const { x, segmentIds } = inputs as Record<"x" | "segmentIds", TensorInfo>;
  const segments = attrs!.numSegments as number;
  const rank = segmentIds.shape.length;
  util.assertShapesMatch(
    x.shape.slice(0, rank),
    segmentIds.shape,
    "The segment numbers must have the shape of the first axes of x: ",
  );
  const rest = x.shape.slice(rank);
  const y = backend.makeOutput([segments, ...rest], x.dtype);
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  const sums = backend.typedArrayFromHeap(y).fill(0);
  const size = util.sizeFromShape(rest);
  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row]!;
    if (segment < 0 || segment >= segments) continue;
    const from = row * size;
    const to = segment * size;
    for (let i = 0; i < size; i++) sums[to + i]! += values[from + i]!;
  }
  return y;
}
