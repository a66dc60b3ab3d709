import type { InferredLayer } from "../spec/infer_network.ts";

/** Rows and columns of zeros around each axis of a batch of images. */
type Padding = [
  [number, number],
  [top: number, bottom: number],
  [left: number, right: number],
  [number, number],
];

/**
 * The padding of a convolution, without that of the rows and columns of its output
 * that pooling after it leaves out: they need not be computed.
 *
 * @param after The layers after it in its block: what ends a block is added to a
 * shortcut, all of which is needed.
 */
export function usedPadding(
  { layer: { stride, padding }, output }: InferredLayer<"conv">,
  after: readonly InferredLayer[],
): number | Padding {
  const next = after.find(({ layer }) => layer.type !== "relu");
  if (stride > 1 || next?.layer.type !== "maxPool") return padding!;
  const { size, stride: step } = next.layer;
  const ends = [0, 1].map((axis) => {
    const used = (next.output[axis]! - 1) * step! + size;
    return Math.max(0, padding! - (output[axis]! - used));
  }) as [number, number];
  return [[0, 0], [padding!, ends[0]], [padding!, ends[1]], [0, 0]];
}
