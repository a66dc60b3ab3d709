import { assertEquals } from "@std/assert";
import { feedsMaxPool } from "../../src/plan/feeds_max_pool.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import type { LayerInput } from "../../src/spec/layers.ts";
import { defineNetwork } from "../../src/spec/network.ts";

const conv: LayerInput = { type: "conv", filters: 4 };
const pool: LayerInput = { type: "maxPool" };
const relu: LayerInput = { type: "relu" };
const block = (...layers: LayerInput[]): LayerInput => ({
  type: "residual",
  layers,
});

/** What is said of the layers after the first. */
function feeds(...after: LayerInput[]): boolean {
  const network = defineNetwork(conv, ...after, { type: "flatten" }, {
    type: "dense",
  });
  const input = { shape: [16, 16, 3] as const, classes: 2 };
  return feedsMaxPool(inferNetwork(network, input).layers.slice(1));
}

Deno.test("feedsMaxPool() looks through layers without weights, and no further than the next with weights", () => {
  assertEquals(feeds(pool), true);
  assertEquals(feeds({ type: "batchNorm" }, relu, pool), true);
  assertEquals(feeds(relu), false);
  assertEquals(feeds(relu, conv, pool), false);
  assertEquals(feeds({ type: "avgPool" }, conv, pool), false);
});

Deno.test("feedsMaxPool() follows both ways through a residual block", () => {
  assertEquals(feeds(block(conv), relu, pool), true);
  assertEquals(feeds(block(conv), relu, conv, pool), false);
  assertEquals(
    feeds({
      type: "residual",
      shortcut: "project",
      layers: [{ type: "maxPool", size: 1 }, conv],
    }, conv),
    true,
  );
});
