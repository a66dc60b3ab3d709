import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf } from "../../src/core/digest.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { packDataset, unpackDataset } from "../../src/data/pack_dataset.ts";

/** What another process gets: the header as JSON, the bytes one after another. */
function send(dataset: Dataset): Dataset {
  const { header, blocks } = packDataset(dataset);
  const bytes = new Uint8Array(header.bytes);
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  assertEquals(at, header.bytes);
  return unpackDataset(JSON.parse(JSON.stringify(header)), bytes);
}

Deno.test("unpackDataset() gives what packDataset() was given, with limits and a reserve", async () => {
  const dataset = await loadDataset("cifar10-mini", {
    limitTrain: 31,
    limitTest: 17,
    reserve: true,
  });
  assertEquals(dataset.test.sourceRows?.length, 17);
  assertEquals(dataset.reserve?.rows, 1969);
  assertEquals(send(dataset), dataset);
});

Deno.test("packDataset() copies nothing", async () => {
  const dataset = await loadDataset("cifar10-mini", { limitTest: 10 });
  const { blocks } = packDataset(dataset);
  assertEquals(
    blocks.map(({ buffer, byteOffset, byteLength }) =>
      [buffer, byteOffset, byteLength] as const
    ),
    [
      dataset.train.pixels,
      dataset.train.labels,
      dataset.test.pixels,
      dataset.test.labels,
      bytesOf(dataset.test.sourceRows!),
      bytesOf(dataset.test.chosenOrder!),
    ].map(({ buffer, byteOffset, byteLength }) =>
      [buffer, byteOffset, byteLength] as const
    ),
  );
});

Deno.test("unpackDataset() gives what packDataset() was given, for all sizes", () => {
  const bytes = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length });
  const images = (imageBytes: number) =>
    fc.nat({ max: 9 }).chain((rows) =>
      fc.record({
        pixels: bytes(rows * imageBytes),
        labels: bytes(rows),
        rows: fc.constant(rows),
        sourceRows: fc.uint32Array({ minLength: rows, maxLength: rows }),
        chosenOrder: fc.uint32Array({ minLength: rows, maxLength: rows }),
        paths: fc.array(fc.string(), { minLength: rows, maxLength: rows }),
      }, { requiredKeys: ["pixels", "labels", "rows"] })
    );
  const side = fc.integer({ min: 1, max: 3 });
  fc.assert(fc.property(
    fc.tuple(side, side, side).chain((shape) => {
      const split = images(shape[0] * shape[1] * shape[2]);
      return fc.record({
        name: fc.string(),
        shape: fc.constant(shape),
        classNames: fc.array(fc.string()),
        train: split,
        test: split,
        reserve: split,
      }, { requiredKeys: ["name", "shape", "classNames", "train", "test"] });
    }),
    (dataset) => assertEquals(send(dataset), dataset),
  ));
});
