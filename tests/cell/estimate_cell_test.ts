import { assert, assertThrows } from "@std/assert";
import { estimateCell } from "../../src/cell/estimate_cell.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { LayerInput } from "../../src/spec/layers.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

/** Black images of 12 by 11 pixels in two classes. */
function datasetOf(trainRows: number): Dataset {
  const shape = [12, 11, 1] as const;
  const split = (rows: number) => ({
    pixels: new Uint8Array(rows * 12 * 11),
    labels: Uint8Array.from({ length: rows }, (_, row) => row % 2),
    rows,
  });
  return {
    name: "folder",
    shape,
    classNames: ["a", "b"],
    train: split(trainRows),
    test: split(4),
  };
}

const normalisedVectors: LayerInput[] = [
  { type: "flatten" },
  { type: "dense", units: 8 },
  { type: "batchNorm" },
  { type: "dense" },
];

function estimate(
  fields: Partial<StudyInput>,
  { images = 40, layers = normalisedVectors }: {
    images?: number;
    layers?: LayerInput[];
  } = {},
): number {
  const [cell] = planCells(
    parseStudy({
      name: "estimate",
      dataset: "folder",
      model: ["own"],
      networks: { own: { layers } },
      ratios: [0.5],
      attacks: [],
      ...fields,
    }),
    "wasm",
  );
  return estimateCell(cell!, datasetOf(images));
}

Deno.test("estimateCell() refuses batches of one image where batch normalisation has one value per image", () => {
  const refused = (
    message: string,
    ...given: Parameters<typeof estimate>
  ) => assertThrows(() => estimate(...given), UsageError, message);
  const why =
    "which has no variance for layer 3 (batchNorm): batches must have two or more, got";
  refused(
    `"batch" gives a batch of one image, ${why} 1 for a training list of 60`,
    {
      batch: 1,
    },
  );
  // 40 images and 20 copies.
  refused(`${why} 59`, {
    batch: 59,
    batching: "partial-last",
    budget: ["epochs"],
  });
  refused(`${why} 128`, { ratios: [0] }, { images: 1 });
  for (
    const fields of [
      { batch: 59, batching: "full" },
      { batch: 60, batching: "partial-last", budget: ["epochs"] },
      // The only batch of each run is the first of a pass.
      { batch: 59, batching: "partial-last", budget: ["steps"], epochs: 1 },
      // How many duplicates there are is known only later.
      {
        batch: 59,
        batching: "partial-last",
        budget: ["epochs"],
        dedup: ["exact"],
      },
    ] satisfies Partial<StudyInput>[]
  ) assert(estimate(fields) > 0, JSON.stringify(fields));
  // A batch of one image of several pixels has a variance.
  assert(
    estimate({ batch: 1 }, {
      layers: [
        { type: "batchNorm" },
        { type: "flatten" },
        { type: "dense" },
      ],
    }) > 0,
  );
});

Deno.test("estimateCell() refuses a border that is reflected and as wide as the images", () => {
  const fields = { augment: "crop-flip", border: "reflect" } as const;
  assertThrows(
    () => estimate({ ...fields, cropPadding: 11 }),
    UsageError,
    '"cropPadding" of a border that is reflected must be less than 11, the smaller side of images of 12x11 pixels, got 11',
  );
  assert(estimate({ ...fields, cropPadding: 10 }) > 0);
});

Deno.test("estimateCell() refuses to whiten patches larger than the images", () => {
  const layersOf = (kernel: number): LayerInput[] => [
    {
      type: "conv",
      filters: 2,
      kernel,
      padding: 6,
      initial: "whitening",
      frozen: true,
    },
    { type: "globalAvgPool" },
    { type: "dense" },
  ];
  assertThrows(
    () => estimate({}, { layers: layersOf(12) }),
    UsageError,
    "layer 1 (conv) whitens patches of 12x12 pixels, which must fit into the images, of 12x11",
  );
  assert(estimate({}, { layers: layersOf(11) }) > 0);
});
