import { assertEquals, assertThrows } from "@std/assert";
import { inferNetwork, type ModelInput } from "../../src/spec/infer_network.ts";
import type { LayerInput } from "../../src/spec/network_types.ts";
import { defineNetwork, parseNetwork } from "../../src/spec/network.ts";
import { UsageError } from "../../src/core/errors.ts";

const input: ModelInput = { shape: [8, 6, 3], classes: 4 };
const infer = (...layers: LayerInput[]) =>
  inferNetwork(defineNetwork(...layers), input);
const end: LayerInput[] = [{ type: "globalAvgPool" }, { type: "dense" }];

Deno.test("inferNetwork() names parameters as PyTorch's users do, and counts multiply-adds", () => {
  const { parameters, multiplyAdds } = infer(
    { type: "conv", filters: 5, bias: false },
    { type: "batchNorm" },
    {
      type: "residual",
      shortcut: "project",
      layers: [
        { type: "conv", filters: 7, stride: 2, name: "a" },
        { type: "batchNorm" },
      ],
    },
    ...end,
  );
  assertEquals(parameters.map(({ name, shape }) => `${name} ${shape}`), [
    "conv1.weight 3,3,3,5",
    "bn1.weight 5",
    "bn1.bias 5",
    "bn1.running_mean 5",
    "bn1.running_var 5",
    "block1.a.weight 3,3,5,7",
    "block1.a.bias 7",
    "block1.bn1.weight 7",
    "block1.bn1.bias 7",
    "block1.bn1.running_mean 7",
    "block1.bn1.running_var 7",
    "block1.shortcut.conv.weight 1,1,5,7",
    "block1.shortcut.bn.weight 7",
    "block1.shortcut.bn.bias 7",
    "block1.shortcut.bn.running_mean 7",
    "block1.shortcut.bn.running_var 7",
    "fc1.weight 7,4",
    "fc1.bias 4",
  ]);
  // 8x6 by 27 by 5, then 4x3 by 45 by 7 and by 5 by 7, then 7 by 4.
  assertEquals(multiplyAdds, 6480 + 3780 + 420 + 28);
});

Deno.test("inferNetwork() carries the order of a flattened image to the next dense layer", () => {
  const { parameters, layers } = infer(
    { type: "flatten" },
    { type: "relu" },
    { type: "batchNorm" },
    { type: "scale", factor: 2 },
    { type: "flatten" },
    { type: "dropout", rate: 0.5 },
    { type: "dense", units: 9 },
    { type: "batchNorm" },
    { type: "dense" },
  );
  const ordered = parameters.filter(({ flattened }) => flattened)
    .map(({ name, flattened }) => `${name} ${flattened}`);
  assertEquals(ordered, [
    "bn1.weight 8,6,3",
    "bn1.bias 8,6,3",
    "bn1.running_mean 8,6,3",
    "bn1.running_var 8,6,3",
    "fc1.weight 8,6,3",
  ]);
  assertEquals(layers[5]!.flattened, [8, 6, 3]);
  assertEquals(layers[8]!.flattened, undefined);
});

Deno.test("inferNetwork() takes a shortcut's stride from height or width", () => {
  const { layers } = inferNetwork(
    defineNetwork(
      {
        type: "residual",
        shortcut: "pad",
        layers: [{ type: "conv", filters: 3, stride: 2 }],
      },
      ...end,
    ),
    { shape: [1, 6, 3], classes: 4 },
  );
  assertEquals(layers[0]!.shortcut![0]!.layer, {
    type: "subsample",
    stride: 2,
    channels: 3,
  });
});

const faults: Record<string, [layers: LayerInput[], message: string]> = {
  "a dense layer on images": [
    [{ type: "dense" }],
    'layer 1 (dense) needs a vector, got images of shape [8, 6, 3]: a layer "flatten" or "globalAvgPool" must come before it',
  ],
  "too few outputs": [
    [{ type: "flatten" }, { type: "dense", units: 3 }],
    "layer 2 (dense) must have 4 outputs, one per class, got shape [3]",
  ],
  "a pool larger than its input": [
    [{ type: "conv", filters: 2 }, { type: "maxPool", size: 7 }, ...end],
    "layer 2 (maxPool) leaves nothing of its input of shape [8, 6, 2]",
  ],
  "an even kernel without padding": [
    [{ type: "conv", filters: 2, kernel: 4 }, ...end],
    'layer 1 (conv) has a kernel of 4, which no padding centres: it needs "padding"',
  ],
  "a residual block on a vector": [
    [{ type: "flatten" }, {
      type: "residual",
      layers: [{ type: "dense", units: 144 }],
    }, { type: "dense" }],
    "layer 2 (residual) needs images, got shape [144]",
  ],
  "an identity that does not fit": [
    [{ type: "residual", layers: [{ type: "conv", filters: 5 }] }, ...end],
    'layer 1 (residual) turns shape [8, 6, 3] into [8, 6, 5], so its shortcut must be "pad" or "project", got "identity"',
  ],
  "a shortcut of fewer channels": [
    [{
      type: "residual",
      shortcut: "pad",
      layers: [{ type: "conv", filters: 2 }],
    }, ...end],
    'layer 1 (residual) turns shape [8, 6, 3] into [8, 6, 2], so its shortcut must be "project", got "pad"',
  ],
  "a block that no shortcut fits": [
    [{
      type: "residual",
      layers: [{ type: "conv", filters: 3, padding: 0 }],
    }, ...end],
    "layer 1 (residual) turns shape [8, 6, 3] into [6, 4, 3], and no shortcut does: one stride must give both its height and its width",
  ],
  "a block that ends in a vector": [
    [{ type: "residual", layers: [{ type: "flatten" }] }, { type: "dense" }],
    "layer 1 (residual) turns shape [8, 6, 3] into [144]: its layers must give images",
  ],
  "a fault in a block": [
    [{
      type: "residual",
      layers: [{ type: "relu" }, { type: "dense" }],
    }, ...end],
    'layer 1 (residual), layer 2 (dense) needs a vector, got images of shape [8, 6, 3]: a layer "flatten" or "globalAvgPool" must come before it',
  ],
  "one name twice": [
    [{ type: "conv", filters: 2, name: "conv2" }, {
      type: "conv",
      filters: 2,
    }, ...end],
    'layer 2 (conv) has the name "conv2" of an earlier layer',
  ],
  "more parameters than memory": [
    [{ type: "conv", filters: 4096 }, { type: "conv", filters: 4096 }, {
      type: "conv",
      filters: 4096,
    }, ...end],
    "layer 3 (conv) brings the network to 302,112,768 parameters: at most 268,435,456 are possible",
  ],
  "more values than memory": [
    // 808 x 806 x 512.
    [{ type: "conv", filters: 512, kernel: 1, padding: 400 }, ...end],
    "layer 1 (conv) brings the network to 333,438,976 values per image: at most 268,435,456 are possible",
  ],
  "more padding than memory": [
    // 8200 x 8198 x 4 and, before that, 10 x 8 x 3.
    [
      { type: "conv", filters: 4 },
      { type: "conv", filters: 4, padding: 4096, stride: 4096 },
      ...end,
    ],
    "layer 2 (conv) brings the network to 268,894,640 values per image: at most 268,435,456 are possible",
  ],
};

for (const [name, [layers, message]] of Object.entries(faults)) {
  Deno.test(`inferNetwork() refuses ${name} in one line that names the layer`, () => {
    const { message: found } = assertThrows(() => infer(...layers), RangeError);
    assertEquals(found, message);
  });
}

function nested(depth: number): LayerInput {
  const inner = depth === 1 ? { type: "relu" } as const : nested(depth - 1);
  return { type: "residual", layers: [inner] };
}

Deno.test("parseNetwork() refuses residual blocks more than 8 deep in one line", () => {
  parseNetwork({ layers: [nested(8)] });
  assertThrows(
    () => parseNetwork({ layers: [nested(9)] }),
    UsageError,
    'The network: "layers" must not nest residual blocks more than 8 deep, got 9',
  );
});

Deno.test("parseNetwork() names the field of a layer that is wrong", () => {
  const messageOf = (layer: object) =>
    assertThrows(() => parseNetwork({ layers: [layer] }), UsageError).message;
  assertEquals(
    messageOf({ type: "conv", filters: 0 }),
    'The network: "layers.0.filters" must be at least 1, got 0',
  );
  const types =
    "must be one of residual, conv, dense, batchNorm, relu, maxPool, avgPool, globalAvgPool, dropout, scale, flatten";
  assertEquals(
    messageOf({ type: "convolution" }),
    `The network: "layers.0.type" ${types}, got "convolution"`,
  );
  assertEquals(
    messageOf({ filters: 2 }),
    `The network: "layers.0.type" is required: it ${types}`,
  );
  assertEquals(
    messageOf({ type: "relu", size: 3 }),
    'The network has an unknown field: "layers.0.size"',
  );
});
