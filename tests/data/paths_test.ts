import { assertEquals } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import {
  type Dataset,
  digestDataset,
  type LabelledImages,
} from "../../src/data/dataset.ts";
import { drawTraining } from "../../src/data/draw_training.ts";
import { holdOut } from "../../src/data/hold_out.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { inTempDir } from "./_files.ts";

/** The grey of image `i` of a class is 100 * class + i. */
async function writeFolder(dir: string): Promise<void> {
  const pixels = new Uint8Array(32 * 32 * 3);
  for (const [label, name] of ["a b", "ü"].entries()) {
    await Deno.mkdir(`${dir}/${name}`);
    for (let i = 0; i < 20; i++) {
      pixels.fill(100 * label + i);
      await Deno.writeFile(
        `${dir}/${name}/${100 * label + i}.png`,
        encodePng({ width: 32, height: 32, pixels }),
      );
    }
  }
}

/** Asserts that each image is that of its file. */
function assertPathsFit({ pixels, rows, paths, labels }: LabelledImages) {
  assertEquals(
    paths,
    Array.from(
      { length: rows },
      (_, row) =>
        `${["a b", "ü"][labels[row]!]}/${pixels[row * 32 * 32 * 3]}.png`,
    ),
  );
}

Deno.test("loadDataset() gives each image of a folder its file, also after limits, hold-outs, draws and joins", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir);
    const dataset = await loadDataset("folder", {
      dataDir: `${dir}/`,
      split: "images",
      limitTrain: 21,
      limitTest: 5,
      reserve: true,
    });
    const { train, test, reserve } = dataset;
    const held = holdOut(dataset, 4);
    const drawn = drawTraining(dataset, { count: 7, seed: 3 });
    for (
      const images of [
        train,
        test,
        reserve!,
        held.validation,
        held.dataset.train,
        drawn.train,
        drawn.reserve!,
        joinImages([train, test]),
      ]
    ) {
      assertPathsFit(images);
    }
    const bare = ({ paths: _, ...images }: LabelledImages) => images;
    const without: Dataset = {
      ...dataset,
      train: bare(train),
      test: bare(test),
      reserve: bare(reserve!),
    };
    assertEquals(digestDataset(dataset), digestDataset(without));
    assertEquals("paths" in joinImages([train, bare(test)]), false);
  }));
