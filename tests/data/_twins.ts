import { encodePng } from "../../fixtures/encode_png.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { changePixels, type PixelChange } from "../../src/data/pixel_change.ts";

const size = 32 * 32 * 3;

/** A folder of images whose duplicates are known. */
export interface TwinFolder {
  /**
   * The photograph from which an image was made, by its pixels: images of one
   * photograph are duplicates.
   */
  photographOf(pixels: Uint8Array): string;
}

/** How the copies of photographs are changed; the first is exact. */
const changes: readonly (PixelChange | undefined)[] = [
  undefined,
  { kind: "shift", down: 1, right: -2 },
  { kind: "brightness", percent: 90 },
  { kind: "flip" },
];

/**
 * Writes a folder with photographs of CIFAR-10 that are no duplicates of each
 * other: two classes of 40, of which every second has a copy, exact, shifted,
 * darker or mirrored in turn. Every tenth copy is in the other class.
 *
 * @param twins Whether to write the copies; default true.
 */
export async function writeTwins(
  dir: string,
  { twins = true }: { twins?: boolean } = {},
): Promise<TwinFolder> {
  const { train } = await loadCifar10Mini();
  const sources = new Map<string, string>();
  const classes = ["one", "two"] as const;
  for (const name of classes) await Deno.mkdir(`${dir}/${name}`);
  const write = async (path: string, pixels: Uint8Array, source: string) => {
    sources.set(keyOf(pixels), source);
    await Deno.writeFile(
      `${dir}/${path}.png`,
      encodePng({ width: 32, height: 32, pixels }),
    );
  };
  let copies = 0;
  for (const [label, name] of classes.entries()) {
    for (let i = 0; i < 40; i++) {
      const row = 40 * label + i;
      const pixels = train.pixels.slice(row * size, (row + 1) * size);
      const source = `${name}/${i}`;
      await write(`${name}/${i}`, pixels, source);
      if (!twins || i % 2 !== 0) continue;
      const change = changes[copies % changes.length];
      const copy = change === undefined
        ? pixels
        : await changePixels(pixels, [32, 32, 3], change);
      const home = copies++ % 10 === 9 ? classes[1 - label]! : name;
      await write(`${home}/${i}-copy-of-${name}`, copy, source);
    }
  }
  return { photographOf: (pixels) => sources.get(keyOf(pixels))! };
}

function keyOf(pixels: Uint8Array): string {
  return pixels.join();
}
