/**
 * Packs one yes or no per image into hexadecimal digits: image 0 is the highest
 * bit of the first digit; the last digit is filled with zeros. This is the form
 * in which result sets keep per-image outcomes, a quarter of the length of a
 * string of 0 and 1.
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
 * @param length How many images it stands for.
 * @throws {RangeError} If the text is not that many digits, or bits are set
 * behind the last image.
 */
export function unpackBits(text: string, length: number): boolean[] {
  const digits = Math.ceil(length / 4);
  if (text.length !== digits || !/^[0-9a-f]*$/.test(text)) {
    throw new RangeError(
      `Cannot unpack bits as text must be ${digits} hexadecimal digits: current value is "${
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
      `Cannot unpack bits as those behind image ${length} must be 0: current value is "${
        text.slice(-1)
      }"`,
    );
  }
  return bits.slice(0, length);
}

/** Counts the images that differ between two of the same length. */
export function countDifferingBits(a: string, b: string): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    let bits = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16);
    for (; bits > 0; bits >>= 1) count += bits & 1;
  }
  return count;
}
