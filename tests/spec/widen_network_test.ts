import { assertEquals } from "@std/assert";
import { networkKey, networkOf } from "../../src/spec/find_network.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { networkNames, networks } from "../../src/spec/networks.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { widenNetwork } from "../../src/spec/widen_network.ts";

const input = { shape: [32, 32, 3], classes: 10 } as const;

function count(width: number) {
  const { parameters, multiplyAdds } = inferNetwork(
    networkOf({ model: "resnet-20", width }),
    input,
  );
  const trained = parameters.filter(({ isTrained }) => isTrained);
  return {
    weights: trained.reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b),
      0,
    ),
    multiplyAdds,
  };
}

Deno.test("resnet-20 has the 0.27 million weights and 41 million multiply-adds of its paper", () => {
  // He et al. 2016, table 6: 0.27 M. By hand: 3 convolutions of stage widths
  // 16, 32, 64 (432 + 13,824 + 50,688 + 202,752), batch normalisation 2 * 688,
  // dense layer 650.
  assertEquals(count(1).weights, 432 + 13_824 + 50_688 + 202_752 + 1376 + 650);
  // 32 * 32 * 432, then 6, 6 and 6 convolutions of equal cost but for two.
  const stage = 32 * 32 * 9 * 16 * 16;
  assertEquals(
    count(1).multiplyAdds,
    32 * 32 * 432 + 6 * stage + 2 * (stage / 2 + 5 * stage) + 640,
  );
});

Deno.test("the width multiplies channels, and weights by nearly its square", () => {
  const [half, one, two] = [0.5, 1, 2].map((width) => count(width).weights);
  assertEquals(Math.round(100 * two! / one!) / 100, 3.98);
  assertEquals(Math.round(100 * one! / half!) / 100, 3.96);
});

Deno.test("widenNetwork() keeps frozen layers, classes, and the network itself at width 1", () => {
  for (const name of networkNames) {
    const { network } = networks[name];
    assertEquals(widenNetwork(network, 1), network);
    const wide = widenNetwork(network, 2);
    const inferred = inferNetwork(wide, input);
    assertEquals(inferred.layers.at(-1)!.output, [10]);
    network.layers.forEach((layer, i) => {
      if ("frozen" in layer && layer.frozen) {
        assertEquals(wide.layers[i], layer);
      }
    });
  }
});

Deno.test("widenNetwork() keeps the convolution that gives the classes where no dense layer does", () => {
  const network = defineNetwork(
    { type: "conv", filters: 16 },
    { type: "relu" },
    { type: "conv", filters: 10, kernel: 1 },
    { type: "globalAvgPool" },
  );
  const { layers } = inferNetwork(widenNetwork(network, 2), input);
  assertEquals(layers.map(({ output }) => output.at(-1)), [32, 32, 10, 10]);
});

Deno.test("widenNetwork() makes channels multiples of 8, 8 at least", () => {
  const filters = (width: number) =>
    widenNetwork(networks["whitened-groups"].network, width).layers.flatMap((
      layer,
    ) => layer.type === "conv" && !layer.frozen ? [layer.filters] : []);
  assertEquals(filters(1), [24, 24, 96, 96, 128, 128]);
  assertEquals(filters(0.5), [16, 16, 48, 48, 64, 64]);
  assertEquals(filters(0.1), [8, 8, 8, 8, 16, 16]);
});

Deno.test("a study sweeps widths; the config of width 1 is that of earlier studies", () => {
  const study = parseStudy({
    name: "widths",
    model: ["published-standard"],
    width: [0.5, 1],
    ratios: [0],
    seeds: [1],
  });
  const plain = parseStudy({
    name: "widths",
    model: ["published-standard"],
    ratios: [0],
    seeds: [1],
  });
  const configs = planCells(study, "wasm").map(({ config }) => config);
  assertEquals(configs.map(({ width }) => width), [0.5, undefined]);
  assertEquals(configs[1], planCells(plain, "wasm")[0]!.config);
  assertEquals(networkKey(configs[0]!), "published-standard 0.5");
  const hidden = inferNetwork(networkOf(configs[0]!), input).parameters
    .map(({ shape }) => shape.at(-1));
  assertEquals(hidden, [8, 8, 16, 16, 64, 64, 10, 10]);
});
