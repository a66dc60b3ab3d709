import { encodePng as encodePaethPng } from "../../fixtures/encode_png.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { encodePng } from "../../src/report/encode_png.ts";

const { train } = await loadCifar10Mini();

/** Pixels of a photograph, shape `[32, 32, 3]`. */
export function photo(row: number): Uint8Array {
  return train.pixels.slice(row * 3072, (row + 1) * 3072);
}

/** A PNG file of pixels of shape `[height, width, 3]`. */
export function png(
  pixels: Uint8Array,
  [height, width]: readonly [number, number] = [32, 32],
): Uint8Array {
  return encodePng(pixels, [height, width, 3]);
}

/** Another PNG file of the same pixels. */
export function otherPng(pixels: Uint8Array): Uint8Array {
  return encodePaethPng({ width: 32, height: 32, pixels });
}

/** An image of pixels that are each `scale` pixels high and wide. */
export function enlarged(pixels: Uint8Array, scale: number): Uint8Array {
  const side = 32 * scale;
  const large = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at++) {
    const [y, x] = [Math.floor(at / side), at % side];
    const from = (Math.floor(y / scale) * 32 + Math.floor(x / scale)) * 3;
    large.set(pixels.subarray(from, from + 3), at * 3);
  }
  return png(large, [side, side]);
}

/** A pixel of an image from another place, for each; outside: black. */
export function moved(
  pixels: Uint8Array,
  from: (y: number, x: number) => [number, number],
): Uint8Array {
  const result = new Uint8Array(3072);
  for (let at = 0; at < 1024; at++) {
    const [y, x] = from(Math.floor(at / 32), at % 32);
    if (y < 0 || y > 31 || x < 0 || x > 31) continue;
    const source = (y * 32 + x) * 3;
    result.set(pixels.subarray(source, source + 3), at * 3);
  }
  return result;
}

/** Writes files by their paths below a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const whole = `${folder}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.writeFile(whole, bytes);
  }
}

/** Every file below a folder, by its path, with its bytes as text. */
export async function readFiles(
  folder: string,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const walk = async (path: string) => {
    for await (
      const { name, isDirectory } of Deno.readDir(`${folder}${path}`)
    ) {
      if (isDirectory) await walk(`${path}/${name}`);
      else {
        const bytes = await Deno.readFile(`${folder}${path}/${name}`);
        files[`${path}/${name}`.slice(1)] = bytes.toBase64();
      }
    }
  };
  await walk("");
  return files;
}
