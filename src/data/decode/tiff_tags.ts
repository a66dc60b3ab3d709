/** A tag of a TIFF: its values lie in the file, one after the other. */
export interface TiffTag {
  /** Type of the values by TIFF's numbers, such as 3 for 16-bit integers. */
  readonly type: number;
  /** Number of values. */
  readonly count: number;
  /** Offset of the first one in bytes. */
  readonly at: number;
}

/** The first directory of a TIFF, which is also how EXIF is written. */
export interface TiffDirectory {
  /** Whether numbers have their lowest byte first. */
  readonly little: boolean;
  /** Its tags by number; of tags that occur twice, the first. */
  readonly tags: ReadonlyMap<number, TiffTag>;
  /** The integer values of a tag; none where it is absent or no integer. */
  valuesOf(tag: number): number[];
}

/** Bytes of a value, by type (TIFF 6.0, section 2; BigTIFF 16 to 18). */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/**
 * Reads the first directory of a TIFF or a BigTIFF.
 *
 * @returns `null` if the bytes are no TIFF.
 * @throws {RangeError} If the directory is cut off.
 */
export function readTiffTags(view: DataView): TiffDirectory | null {
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  const version = view.getUint16(2, little);
  if (version !== 42 && version !== 43) return null;
  const big = version === 43;
  const offset = (at: number) =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const start = offset(big ? 8 : 4);
  const entries = big ? offset(start) : view.getUint16(start, little);
  const [first, length, value] = big ? [8, 20, 12] : [2, 12, 8];
  const tags = new Map<number, TiffTag>();
  for (let entry = 0; entry < entries; entry++) {
    const at = start + first + length * entry;
    const tag = view.getUint16(at, little);
    const type = view.getUint16(at + 2, little);
    const count = offset(at + 4);
    const isInline = count * (sizes[type] ?? 1) <= length - value;
    if (!tags.has(tag)) {
      tags.set(tag, {
        type,
        count,
        at: isInline ? at + value : offset(at + value),
      });
    }
  }
  const readAt = (type: number, at: number): number | undefined => {
    if (type === 1) return view.getUint8(at);
    if (type === 3) return view.getUint16(at, little);
    if (type === 4) return view.getUint32(at, little);
    if (type === 16) return Number(view.getBigUint64(at, little));
    return undefined;
  };
  return {
    little,
    tags,
    valuesOf(number) {
      const tag = tags.get(number);
      if (tag === undefined) return [];
      const values: number[] = [];
      for (let i = 0; i < tag.count; i++) {
        const read = readAt(tag.type, tag.at + i * (sizes[tag.type] ?? 1));
        if (read === undefined) return [];
        values.push(read);
      }
      return values;
    },
  };
}
