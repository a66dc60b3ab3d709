import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { limitRows, selectRows } from "../../src/data/limit_rows.ts";

const images = {
  pixels: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31),
  labels: Uint8Array.of(0, 1, 0, 1),
  rows: 4,
};
const dataset: Dataset = {
  name: "tiny",
  shape: [1, 2, 1],
  classNames: ["a", "b"],
  train: images,
  test: images,
};

Deno.test("selectRows() copies pixels and labels of the given rows", () => {
  assertEquals(selectRows(images, Uint32Array.of(3, 1)), {
    pixels: Uint8Array.of(30, 31, 10, 11),
    labels: Uint8Array.of(1, 1),
    rows: 2,
  });
});

Deno.test("limitRows() keeps everything, in order, at the full count", () => {
  assertEquals(limitRows(dataset, { split: "train", count: 4 }), images);
});

Deno.test("limitRows() keeps each image with its own label", () => {
  const { pixels, labels } = limitRows(dataset, { split: "test", count: 2 });
  assertEquals([...labels].sort(), [0, 1]);
  labels.forEach((label, at) => {
    assertEquals(Math.floor(pixels[2 * at]! / 10) % 2, label);
  });
});

for (const count of [0, -1, 5, 1.5, NaN]) {
  Deno.test(`limitRows() refuses ${count} of 4 images and says how many there are`, () => {
    const error = assertThrows(
      () => limitRows(dataset, { split: "test", count }),
      UsageError,
    );
    assertEquals(
      error.message,
      `"limitTest" must be an integer in [1, 4], the test images of tiny, got ${count}`,
    );
  });
}
