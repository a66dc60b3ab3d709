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

const residual: fc.Arbitrary<Part> = fc.record({
  convs: fc.constantFrom(1, 2),
  shortcut: fc.constantFrom("identity", "pad", "project"),
  hasRelu: fc.boolean(),
  stride: fc.constantFrom(1, 2),
  added: fc.constantFrom(0, 3),
}).map(({ convs, shortcut, hasRelu, ...changes }) => (before) => {
  const { stride, added } = shortcut === "identity"
    ? { stride: 1, added: 0 }
    : changes;
  const channels = before + added;
  return {
    layers: [
      {
        type: "residual",
        shortcut,
        layers: Array.from({ length: convs }, (_, i): LayerInput[] => [
          ...(i > 0 ? [{ type: "relu" } as const] : []),
          { type: "conv", filters: channels, ...(i === 0 && { stride }) },
        ]).flat(),
      },
      ...(hasRelu ? [{ type: "relu" } as const] : []),
    ],
    channels,
  };
});

const normalisation: fc.Arbitrary<Part> = fc.record({
  scale: fc.boolean(),
  shift: fc.boolean(),
  frozen: fc.constantFrom(false, false, true),
  hasRelu: fc.boolean(),
}).map(({ hasRelu, ...layer }) =>
  keep(
    { type: "batchNorm", ...layer },
    ...(hasRelu ? [{ type: "relu" } as const] : []),
  )
);

const pool: fc.Arbitrary<Part> = fc.record({
  size: fc.constantFrom(2, 3),
  stride: fc.constantFrom(undefined, 1, 2),
  type: fc.constantFrom("maxPool", "avgPool"),
}).map((layer) => keep(layer));

const scale: fc.Arbitrary<Part> = fc.constantFrom(
  keep({ type: "scale", factor: 2, offset: -1 }),
  keep({ type: "scale", factor: -0.5 }),
);

const relu = fc.constant(keep({ type: "relu" }));
const dropout = fc.constant(keep({ type: "dropout", rate: 0.5 }));

/** Parts that compute with the same kernels as the tape. */
const exactParts = [
  { weight: 3, arbitrary: conv },
  { weight: 2, arbitrary: block },
  { weight: 2, arbitrary: residual },
  { weight: 1, arbitrary: pool },
  { weight: 1, arbitrary: relu },
  { weight: 1, arbitrary: scale },
  { weight: 1, arbitrary: dropout },
];

/** Parts of which plans have fused kernels that round otherwise. */
const fusedParts = [{ weight: 3, arbitrary: normalisation }];

/** The last layers, after images became a vector. */
const headOf = (vectors: readonly LayerInput[]) =>
  fc.record({
    vector: fc.constantFrom(...vectors),
    hidden: fc.constantFrom(undefined, 1, 7, 16),
    hasRelu: fc.boolean(),
    hasDropout: fc.boolean(),
    bias: fc.boolean(),
    frozen: fc.boolean(),
  }).map((
    { vector, hidden, hasRelu, hasDropout, bias, frozen },
  ): LayerInput[] => [
    vector,
    ...(hidden !== undefined
      ? [{ type: "dense", units: hidden, bias, frozen } as const]
      : []),
    ...(hasRelu ? [{ type: "relu" } as const] : []),
    ...(hasDropout ? [{ type: "dropout", rate: 0.25 } as const] : []),
    { type: "dense", bias },
  ]);

/** Networks for small images, of parts that are drawn from these. */
function networksOf(
  parts: readonly { weight: number; arbitrary: fc.Arbitrary<Part> }[],
  head: fc.Arbitrary<LayerInput[]>,
): fc.Arbitrary<NetworkCase> {
  return fc.record({
    parts: fc.array(fc.oneof(...parts), { maxLength: 5 }),
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
}

/** Networks whose plans compute with the same kernels as the tape. */
export const exactNetworks: fc.Arbitrary<NetworkCase> = networksOf(
  exactParts,
  headOf([{ type: "flatten" }]),
);

/** Networks of all layers. */
export const anyNetworks: fc.Arbitrary<NetworkCase> = networksOf(
  [...exactParts, ...fusedParts],
  headOf([{ type: "flatten" }, { type: "globalAvgPool" }]),
);
