import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { paeth } from "./paeth.ts";

/** What is packed of a split besides its pixels. */
interface PackedSplit {
  readonly labels: number[];
  readonly sourceRows?: number[];
  readonly chosenOrder?: number[];
}

/** The head of packed images: what `Dataset` has, without pixels. */
interface PackedHead {
  readonly name: string;
  readonly shape: Dataset["shape"];
  readonly classNames: readonly string[];
  readonly splits: Readonly<
    Partial<Record<(typeof splitNames)[number], PackedSplit>>
  >;
}

const splitNames = ["train", "test", "reserve"] as const;

/**
 * Packs a data set into bytes that compress well: the size of a head in JSON as
 * 32 bits, the head, and the filtered pixels of its splits.
 */
export function packImages(dataset: Dataset): Uint8Array<ArrayBuffer> {
  const { name, shape, classNames } = dataset;
  const packed = splitNames.flatMap((split) => {
    const images = dataset[split];
    return images === undefined ? [] : [{ split, images }];
  });
  const head: PackedHead = {
    name,
    shape,
    classNames,
    splits: Object.fromEntries(
      packed.map(({ split, images }) => [split, describeSplit(images)]),
    ),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const pixels = packed.map(({ images }) =>
    paeth(images.pixels, shape, "filter")
  );
  const size = pixels.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(4 + text.length + size);
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const part of pixels) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The data set that `packImages` packed. */
export function unpackImages(bytes: Uint8Array): Dataset {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 4 + view.getUint32(0);
  const { splits, ...rest } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(4, at)),
  ) as PackedHead;
  const imageBytes = rest.shape.reduce((product, side) => product * side);
  const images: Partial<Record<(typeof splitNames)[number], LabelledImages>> =
    {};
  for (const split of splitNames) {
    const packed = splits[split];
    if (packed === undefined) continue;
    const rows = packed.labels.length;
    const end = at + rows * imageBytes;
    const { labels, sourceRows, chosenOrder } = packed;
    images[split] = {
      pixels: paeth(bytes.subarray(at, end), rest.shape, "restore"),
      labels: Uint8Array.from(labels),
      rows,
      ...(sourceRows && { sourceRows: Uint32Array.from(sourceRows) }),
      ...(chosenOrder && { chosenOrder: Uint32Array.from(chosenOrder) }),
    };
    at = end;
  }
  const { train, test, reserve } = images;
  return { ...rest, train: train!, test: test!, ...(reserve && { reserve }) };
}

function describeSplit(
  { labels, sourceRows, chosenOrder }: LabelledImages,
): PackedSplit {
  return {
    labels: [...labels],
    ...(sourceRows && { sourceRows: [...sourceRows] }),
    ...(chosenOrder && { chosenOrder: [...chosenOrder] }),
  };
}
