import type { InferredLayer } from "../spec/infer_network.ts";

/**
 * Whether max pooling chooses between neighbouring outputs of a layer, before
 * another layer with weights sums them.
 *
 * @param next The layers after it, those around its block included.
 */
export function feedsMaxPool(
  [first, ...rest]: readonly InferredLayer[],
): boolean {
  switch (first?.layer.type) {
    case "maxPool":
      return true;
    case undefined:
    case "conv":
    case "dense":
      return false;
    case "residual":
      return feedsMaxPool([...first!.layers!, ...rest]) ||
        feedsMaxPool([...first!.shortcut!, ...rest]);
    default:
      return feedsMaxPool(rest);
  }
}
