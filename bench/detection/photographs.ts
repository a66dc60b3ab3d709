/**
 * Measures the way from files to hashes on photographs of 256x256 in JPEG, as
 * Markdown: images per second that are decoded and resized, hashed, and both; then
 * what is extrapolated to 60,000 by proportion. The photographs are those of
 * `cifar10-mini`, enlarged, with noise so that their files are as large as those of
 * a camera. The argument is the number of images; default 3,000. Needs
 * `--allow-ffi` for the JPEG encoder.
 *
 * @module
 */
import process from "node:process";
import { openStream } from "../../src/core/stream.ts";
import { cifar10ImageBytes } from "../../src/data/cifar10_classes.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { decodeImage } from "../../src/data/decode_image.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { resizeArea } from "../../src/data/resize_area.ts";
import { hashImages } from "../../src/detection/search/perceptual_hash.ts";
import { SIDE, toPhotograph } from "./to_photograph.ts";

/** Photographs to which the figures are extrapolated. */
const MANY = 60_000;

/** Images that are hashed together, as the search does. */
const BLOCK = 1000;

/** Seconds of processor time, which other programs do not change much. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 3000);
  const { train, test } = await loadCifar10Mini();
  const { pixels, rows } = joinImages([train, test]);
  const stream = openStream(1, "shuffle", "photographs");
  const files = Array.from({ length: count }, (_, i) => {
    const row = i % rows;
    return toPhotograph(
      pixels.subarray(row * cifar10ImageBytes, (row + 1) * cifar10ImageBytes),
      () => stream.uniform(),
    );
  });
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  console.log(
    `- ${count} JPEG files of ${SIDE}x${SIDE}, ${
      (bytes / count / 1000).toFixed(0)
    } kB each`,
  );
  const rate = (seconds: number) =>
    `${
      (count / seconds).toFixed(0)
    } images per second of processor time; ${MANY} by proportion: ${
      (MANY * seconds / count).toFixed(0)
    } s`;
  for (const side of [32, 64]) {
    const small = new Uint8Array(count * side * side * 3);
    let began = processorSeconds();
    for (const [i, file] of files.entries()) {
      const image = await decodeImage(file, { path: `${i}.jpg` });
      small.set(
        resizeArea(image, { height: side, width: side }),
        i * side * side * 3,
      );
    }
    const decoding = processorSeconds() - began;
    began = processorSeconds();
    for (let from = 0; from < count; from += BLOCK) {
      const block = Math.min(BLOCK, count - from);
      hashImages({
        pixels: small.subarray(from * side * side * 3),
        rows: block,
      }, [side, side, 3]);
    }
    const hashing = processorSeconds() - began;
    console.log(`- decoded and resized to ${side}x${side}: ${rate(decoding)}`);
    console.log(`- hashed in 25 positions: ${rate(hashing)}`);
    console.log(
      `- both: ${rate(decoding + hashing)}; hashing is ${
        (100 * hashing / (decoding + hashing)).toFixed(0)
      } % of it`,
    );
  }
  const { rss } = Deno.memoryUsage();
  console.log(`- memory: ${(rss / 2 ** 20).toFixed(0)} MiB`);
}
