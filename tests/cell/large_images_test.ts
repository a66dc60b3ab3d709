import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import {
  evaluateClean,
  evaluationBatch,
} from "../../src/cell/evaluate_cell.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { networkOf } from "../../src/spec/find_network.ts";
import { networkNames } from "../../src/spec/networks.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { slowTest } from "../slow.ts";

Deno.test("evaluationBatch() is 250 images of 32x32 of every network, and fewer where layers are large", () => {
  const batchOf = (model: string, side: number) => {
    const network = inferNetwork(networkOf({ model }), {
      shape: [side, side, 3],
      classes: 10,
    });
    return { batch: evaluationBatch({ network }), values: network.values };
  };
  for (const model of networkNames) {
    assertEquals(batchOf(model, 32).batch, 250, model);
  }
  assertEquals(batchOf("published-standard", 128).batch, 250);
  const { batch, values } = batchOf("resnet-20", 128);
  assert(batch > 1 && batch * values <= 2 ** 29);
  assert((batch + 1) * values > 2 ** 29, "no fewer than need be");
});

slowTest(
  "wasm: evaluateClean() of images whose layers would fill the memory takes fewer at once",
  async () => {
    const backend = await openBackend("wasm");
    const side = 160;
    const rows = 224;
    // Brighter towards the end of the set.
    const split = {
      pixels: new Uint8Array(rows * side * side).map((_, i) =>
        Math.floor(i / (side * side))
      ),
      labels: new Uint8Array(rows),
      rows,
    };
    const dataset: Dataset = {
      name: "folder",
      shape: [side, side, 1],
      classNames: ["a", "b"],
      train: split,
      test: split,
    };
    const [cell] = planCells(
      parseStudy({
        name: "large",
        dataset: "folder",
        model: ["wide"],
        networks: {
          wide: {
            layers: [
              { type: "conv", filters: 192, kernel: 1 },
              { type: "globalAvgPool" },
              { type: "dense" },
            ],
          },
        },
        ratios: [0],
      }),
      "wasm",
    );
    const { config } = cell!;
    const classifier = buildClassifier(networkOf(config), {
      input: { shape: dataset.shape, classes: 2 },
      seed: 1,
    });
    const right = await evaluateClean(classifier, dataset, { config, backend });
    assertEquals(right.length, rows);
    classifier.dispose();
  },
);
