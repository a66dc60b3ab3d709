import fc from "fast-check";
import { inferNetwork, type ModelInput } from "../../src/spec/infer_network.ts";
import type { LayerInput } from "../../src/spec/layers.ts";
import { defineNetwork, type Network } from "../../src/spec/network.ts";

/** A network, and what it is for. */
export interface NetworkCase {
  network: Network;
  input: ModelInput;
}

/** One or more layers, given the channels of what comes into them. */
type Part = (channels: number) => { layers: LayerInput[]; channels: number };

const keep = (...layers: LayerInput[]): Part => (channels) => ({
  layers,
  channels,
});

const conv: fc.Arbitrary<Part> = fc.record({
  filters: fc.constantFrom(1, 3, 4, 8),
  kernel: fc.constantFrom(1, 2, 3, 5),
  stride: fc.constantFrom(1, 1, 2),
  padding: fc.constantFrom(undefined, undefined, 0, 2),
  bias: fc.boolean(),
  frozen: fc.constantFrom(false, false, true),
}).map((layer) => () => ({
  layers: [{ type: "conv", ...layer }],
  channels: layer.filters,
}));

/** What `convReluPool` takes if the sides are even. */
const block: fc.Arbitrary<Part> = fc.constantFrom(4, 8).map(
  (filters) => () => ({
    layers: [
      { type: "conv", filters },
      { type: "relu" },
      { type: "maxPool" },
    ],
    channels: filters,
  }),
);

const residual: fc.Arbitrary<Part> = fc.constantFrom(1, 2).map(
  (convs) => (channels) => ({
    layers: [{
      type: "residual",
      layers: Array.from({ length: convs }, (_, i): LayerInput[] => [
        ...(i > 0 ? [{ type: "relu" } as const] : []),
        { type: "conv", filters: channels },
      ]).flat(),
    }, { type: "relu" }],
    channels,
  }),
);

const pool: fc.Arbitrary<Part> = fc.record({
  size: fc.constantFrom(2, 3),
  stride: fc.constantFrom(undefined, 1, 2),
}).map((layer) => keep({ type: "maxPool", ...layer }));

const scale: fc.Arbitrary<Part> = fc.constantFrom(
  keep({ type: "scale", factor: 2, offset: -1 }),
  keep({ type: "scale", factor: -0.5 }),
);

const relu = fc.constant(keep({ type: "relu" }));
const dropout = fc.constant(keep({ type: "dropout", rate: 0.5 }));

const parts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: conv },
    { weight: 2, arbitrary: block },
    { weight: 2, arbitrary: residual },
    pool,
    relu,
    scale,
    dropout,
  ),
  { maxLength: 5 },
);

const head: fc.Arbitrary<LayerInput[]> = fc.record({
  hidden: fc.constantFrom(undefined, 1, 7, 16),
  hasRelu: fc.boolean(),
  hasDropout: fc.boolean(),
  bias: fc.boolean(),
  frozen: fc.boolean(),
}).map(({ hidden, hasRelu, hasDropout, bias, frozen }) => [
  { type: "flatten" },
  ...(hidden !== undefined
    ? [{ type: "dense", units: hidden, bias, frozen } as const]
    : []),
  ...(hasRelu ? [{ type: "relu" } as const] : []),
  ...(hasDropout ? [{ type: "dropout", rate: 0.25 } as const] : []),
  { type: "dense", bias },
]);

/** Networks of layers that plans have, for small images. */
export const networkCases: fc.Arbitrary<NetworkCase> = fc.record({
  parts,
  head,
  shape: fc.constantFrom([8, 8, 3], [9, 6, 1], [12, 8, 4]),
  classes: fc.constantFrom(2, 5),
}).map(({ parts, head, shape, classes }) => {
  const layers: LayerInput[] = [];
  let channels: number = shape[2]!;
  for (const part of parts) {
    const made = part(channels);
    layers.push(...made.layers);
    channels = made.channels;
  }
  const input = { shape: shape as [number, number, number], classes };
  return { network: defineNetwork(...layers, ...head), input };
}).filter(({ network, input }) => {
  try {
    inferNetwork(network, input);
    return true;
  } catch {
    return false;
  }
});
