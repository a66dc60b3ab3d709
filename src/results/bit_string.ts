import { requireCount } from "../core/require_count.ts";

/**
 * Packs one bit per image into hexadecimal digits: image 0 is the highest bit of
 * the first digit; the last digit is padded with zeros. Result sets store outcomes
 * per image in this form, in a quarter of the length of a string of 0 and 1.
 *
 * @returns `ceil(length / 4)` digits.
 */
export function packBits(bits: readonly boolean[]): string {
  let text = "";
  for (let at = 0; at < bits.length; at += 4) {
    let digit = 0;
    for (let i = 0; i < 4; i++) digit = digit * 2 + (bits[at + i] ? 1 : 0);
    text += digit.toString(16);
  }
  return text;
}

/**
 * Reads what `packBits` wrote.
 *
 * @param text Hexadecimal digits.
 * @param length Number of images.
 * @throws {RangeError} If the length is not an integer of at least 0, the text does
 * not have the digits of that many images, or bits are set after the last image.
 */
export function unpackBits(text: string, length: number): boolean[] {
  requireCount("length", length, 0);
  const digits = Math.ceil(length / 4);
  if (text.length !== digits || !/^[0-9a-f]*$/.test(text)) {
    throw new RangeError(
      `Bits of ${length} images must be ${digits} hexadecimal digits, got "${
        text.slice(0, 40)
      }"`,
    );
  }
  const bits = [...text].flatMap((digit) => {
    const value = Number.parseInt(digit, 16);
    return [8, 4, 2, 1].map((bit) => (value & bit) !== 0);
  });
  if (bits.slice(length).some(Boolean)) {
    throw new RangeError(
      `Bits after image ${length} must be 0, got "${
        text.slice(-1)
      }" as the last digit`,
    );
  }
  return bits.slice(0, length);
}

/**
 * Counts the images that differ between two that `packBits` wrote.
 *
 * @throws {RangeError} If they differ in length, or are not hexadecimal digits.
 */
export function countDifferingBits(a: string, b: string): number {
  for (const text of [a, b]) {
    if (text.length === a.length && /^[0-9a-f]*$/.test(text)) continue;
    throw new RangeError(
      `Bits to compare must be ${a.length} hexadecimal digits, got "${
        text.slice(0, 40)
      }"`,
    );
  }
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    let bits = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16);
    for (; bits > 0; bits >>= 1) count += bits & 1;
  }
  return count;
}
