import { assertEquals } from "@std/assert";
import { packImages, unpackImages } from "../../src/browser/pack_images.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";

Deno.test("packImages() keeps pixels, labels, source rows, order and reserve of a limited data set", async () => {
  const dataset = await loadDataset("cifar10-mini", {
    limitTrain: 40,
    limitTest: 20,
    reserve: true,
  });
  const reserve = dataset.reserve!;
  const small = {
    ...dataset,
    reserve: {
      pixels: reserve.pixels.subarray(0, 3 * 3072),
      labels: reserve.labels.subarray(0, 3),
      rows: 3,
    },
  };
  const unpacked = unpackImages(packImages(small));
  assertEquals(unpacked, {
    ...small,
    reserve: {
      ...small.reserve,
      pixels: small.reserve.pixels.slice(),
      labels: small.reserve.labels.slice(),
    },
  });
  assertEquals(digestDataset(unpacked), digestDataset(small));
});
