import type { Dataset, LabelledImages } from "../data/dataset.ts";
import {
  type DatasetHeader,
  packDataset,
  unpackDataset,
} from "../data/pack_dataset.ts";
import { paeth } from "./paeth.ts";

/** Bytes of the length of the header. */
const LENGTH_BYTES = 4;

/**
 * Packs a data set into bytes that compress well: the length of its header as 32
 * bits, the header in JSON, and its blocks, pixels filtered.
 */
export function packImages(dataset: Dataset): Uint8Array<ArrayBuffer> {
  const { header, blocks } = packDataset(filterAll(dataset, "filter"));
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + header.bytes);
  new DataView(bytes.buffer).setUint32(0, text.length);
  let at = LENGTH_BYTES;
  for (const block of [text, ...blocks]) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** The data set that `packImages` packed. */
export function unpackImages(bytes: Uint8Array<ArrayBuffer>): Dataset {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = LENGTH_BYTES + view.getUint32(0);
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end)),
  ) as DatasetHeader;
  return filterAll(unpackDataset(header, bytes.subarray(end)), "restore");
}

/** The data set with the pixels of all its splits filtered or restored. */
function filterAll(
  dataset: Dataset,
  direction: "filter" | "restore",
): Dataset {
  const { shape, train, test, leaked, reserve } = dataset;
  const filter = (images: LabelledImages): LabelledImages => ({
    ...images,
    pixels: paeth(images.pixels, shape, direction),
  });
  return {
    ...dataset,
    train: filter(train),
    test: filter(test),
    ...(leaked && { leaked: filter(leaked) }),
    ...(reserve && { reserve: filter(reserve) }),
  };
}
