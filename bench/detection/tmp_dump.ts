import process from "node:process";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { findFeaturePairs } from "../../src/detection/search/feature_pairs.ts";
const { train, test } = await loadDataset("cifar10");
const t = performance.now();
const p = await findFeaturePairs(joinImages([train, test]), [32, 32, 3], {
  mirrored: true,
  onProgress: (s) => {
    if (Math.floor(s * 60000) % 6000 === 0) {
      console.log(s, (performance.now() - t) / 1000);
    }
  },
});
const { user, system } = process.cpuUsage();
console.log(
  p.length,
  (performance.now() - t) / 1000,
  "cpu",
  (user + system) / 1e6,
  Deno.memoryUsage().rss / 2 ** 20,
);
Deno.writeTextFileSync(
  "/tmp/h19/all.json",
  JSON.stringify(
    p.map(
      (q) => [
        q.first,
        q.second,
        q.difference,
        q.alignment.details,
        q.alignment.overlap,
      ],
    ),
  ),
);
