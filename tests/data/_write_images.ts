import { encodePng } from "../../fixtures/encode_png.ts";

/** What of an image differs from a grey square of 8 x 8. */
export interface Shape {
  readonly width?: number;
  readonly height?: number;
}

/** Writes a PNG of one grey, and the folders above it. */
export async function writeGrey(
  path: string,
  grey: number,
  { width = 8, height = 8 }: Shape = {},
): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const pixels = new Uint8Array(width * height * 3).fill(grey);
  await Deno.writeFile(path, encodePng({ width, height, pixels }));
}

/** Writes so many images `0.png`, `1.png` and so on, of greys from `first` on. */
export async function writeGreys(
  dir: string,
  count: number,
  { first = 1, ...shape }: Shape & { first?: number } = {},
): Promise<void> {
  for (let i = 0; i < count; i++) {
    await writeGrey(`${dir}/${i}.png`, first + i, shape);
  }
}
