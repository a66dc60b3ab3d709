import { assertEquals } from "@std/assert";
import { usedPadding } from "../../src/plan/used_padding.ts";
import {
  inferNetwork,
  type InferredLayer,
} from "../../src/spec/infer_network.ts";
import type { LayerInput } from "../../src/spec/layers.ts";
import { defineNetwork } from "../../src/spec/network.ts";

/** The padding of a first convolution of images of these sides. */
function paddingOf(
  [height, width]: [number, number],
  ...layers: [LayerInput, ...LayerInput[]]
) {
  const network = defineNetwork(...layers, { type: "flatten" }, {
    type: "dense",
  });
  const input = { shape: [height, width, 3] as const, classes: 2 };
  const [first, ...after] = inferNetwork(network, input).layers;
  return usedPadding(first as InferredLayer<"conv">, after);
}

const conv = { type: "conv", filters: 4 } as const;

Deno.test("usedPadding() leaves out the rows and columns that pooling does", () => {
  const pool: LayerInput = { type: "maxPool" };
  const without = (bottom: number, right: number) => [
    [0, 0],
    [1, bottom],
    [1, right],
    [0, 0],
  ];
  assertEquals<unknown>(paddingOf([7, 8], conv, pool), without(0, 1));
  assertEquals<unknown>(
    paddingOf([7, 7], conv, { type: "relu" }, pool),
    without(0, 0),
  );
  assertEquals(
    paddingOf([7, 7], { ...conv, padding: 3 }, pool),
    [[0, 0], [3, 2], [3, 2], [0, 0]],
  );
});

Deno.test("usedPadding() is that of the layer where other layers see all of the output", () => {
  const pool: LayerInput = { type: "maxPool" };
  assertEquals(paddingOf([7, 7], conv), 1);
  assertEquals<unknown>(
    paddingOf([7, 7], conv, { type: "batchNorm" }, pool),
    1,
  );
  assertEquals(
    paddingOf([7, 7], { ...conv, stride: 2 }, pool),
    1,
  );
});
