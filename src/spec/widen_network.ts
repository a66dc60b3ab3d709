import type { Layer, Network } from "./network_types.ts";

/** Channels are multiples of this, as the fastest convolutions make 8 at a time. */
const MULTIPLE = 8;

/**
 * The same network with more or fewer channels and hidden units: `filters` and
 * `units` are multiplied and rounded to a multiple of 8, 8 at least. Frozen layers
 * stay as they are, and so does the last dense layer, which gives the classes; if
 * there is none, a convolution does after which there is no other and no block.
 *
 * @param width Above 0; 1 gives the network itself.
 */
export function widenNetwork(network: Network, width: number): Network {
  if (width === 1) return network;
  // Neither a convolution nor a block can follow a dense layer.
  const last = network.layers.findLast(({ type }) =>
    type === "dense" || type === "conv" || type === "residual"
  );
  const widened = (count: number) =>
    Math.max(MULTIPLE, MULTIPLE * Math.round(count * width / MULTIPLE));
  const widen = (layer: Layer): Layer => {
    switch (layer.type) {
      case "conv":
        return layer.frozen || layer === last
          ? layer
          : { ...layer, filters: widened(layer.filters) };
      case "dense":
        return layer.frozen || layer === last || layer.units === undefined
          ? layer
          : { ...layer, units: widened(layer.units) };
      case "residual":
        return { ...layer, layers: layer.layers.map(widen) };
      default:
        return layer;
    }
  };
  return { ...network, layers: network.layers.map(widen) };
}
