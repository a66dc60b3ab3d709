import type { LabelledImages } from "../../src/data/dataset.ts";
import { changeImages, type PixelChange } from "../../src/data/pixel_change.ts";
import type { Pose } from "../../src/detection/search/pose.ts";

/** Height, width and channels of every image of these tests. */
export const shape = [32, 32, 3] as const;

/** Bytes of an image. */
export const size = 32 * 32 * 3;

/** Images of bytes, without classes. */
export function imagesOf(pixels: Uint8Array): LabelledImages {
  const rows = pixels.length / size;
  return { pixels, labels: new Uint8Array(rows), rows };
}

/** One of several images. */
export function imageAt({ pixels }: LabelledImages, row: number): Uint8Array {
  return pixels.subarray(row * size, (row + 1) * size);
}

/** Changes one image. */
export async function changed(
  pixels: Uint8Array,
  change: PixelChange,
): Promise<Uint8Array> {
  const images = await changeImages(imagesOf(pixels), shape, {
    rows: Uint32Array.of(0),
    changes: [change],
  });
  return images.pixels;
}

/** Bytes one after another. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Every pose in which images are compared. */
export function allPoses(mirrored: boolean): Pose[] {
  const poses: Pose[] = [];
  for (const mirror of mirrored ? [false, true] : [false]) {
    for (let down = -2; down <= 2; down++) {
      for (let right = -2; right <= 2; right++) {
        poses.push({ down, right, mirrored: mirror });
      }
    }
  }
  return poses;
}

/**
 * Samples of both images where `moved` lies on `still` in a pose, worked out
 * pixel by pixel from the definition of the pose.
 */
export function overlap(
  moved: Uint8Array,
  still: Uint8Array,
  { down, right, mirrored }: Pose,
): [a: number[], b: number[]] {
  const [a, b]: [number[], number[]] = [[], []];
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      const [fromY, shifted] = [y - down, x - right];
      if (fromY < 0 || fromY > 31 || shifted < 0 || shifted > 31) continue;
      const fromX = mirrored ? 31 - shifted : shifted;
      for (let c = 0; c < 3; c++) {
        a.push(moved[(fromY * 32 + fromX) * 3 + c]!);
        b.push(still[(y * 32 + x) * 3 + c]!);
      }
    }
  }
  return [a, b];
}

/**
 * The pixel difference by its words: fit `gain * a + offset`, with an offset per
 * channel, to b by the normal equations; give the root mean square of the rest
 * over that of b minus its channel means.
 */
export function fittedDifference(a: number[], b: number[]): number {
  const centred = (values: number[]) => {
    const sums = [0, 0, 0];
    values.forEach((value, i) => sums[i % 3]! += value);
    return values.map((value, i) => value - 3 * sums[i % 3]! / values.length);
  };
  const dot = (u: number[], v: number[]) =>
    u.reduce((sum, x, i) => sum + x * v[i]!, 0);
  const [flatA, flatB] = [centred(a), centred(b)];
  const gain = dot(flatA, flatB) / dot(flatA, flatA);
  if (gain < 0) return 1;
  const rest = flatB.map((value, i) => value - gain * flatA[i]!);
  return Math.sqrt(dot(rest, rest) / dot(flatB, flatB));
}
