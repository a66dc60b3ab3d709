import { quotation } from "../../core/errors.ts";

/** An array of NumPy, in C order. */
export interface NpyArray {
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** Type of its values by NumPy's name, less the byte order, such as `u1`. */
  readonly type: string;
  /** Its values; bytes are a view of the file. */
  readonly values: Uint8Array | Float64Array;
}

/** Readers of one value, by NumPy's name of the type less its byte order. */
const readers: Readonly<
  Record<string, (view: DataView, at: number, little: boolean) => number>
> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  b1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
};

/**
 * Reads a `.npy` file of integers (NumPy's format, versions 1 to 3). Objects, which
 * would be pickled, are never read.
 *
 * @throws {SyntaxError | RangeError} If it is no such file, or cut off.
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cutOff = new RangeError("an array is cut off");
  if (bytes.length < 12) throw cutOff;
  if (view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    throw new SyntaxError("an array does not begin as those of NumPy do");
  }
  const isFirst = view.getUint8(6) === 1;
  const start = isFirst ? 10 : 12;
  const length = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw cutOff;
  const header = new TextDecoder().decode(
    bytes.subarray(start, start + length),
  );
  const [, order = "", type = ""] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ??
    [];
  const read = readers[type];
  if (read === undefined) {
    throw new SyntaxError("an array must hold integers or booleans");
  }
  if (!/'fortran_order':\s*False/.test(header)) {
    throw new SyntaxError("an array must be in C order");
  }
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",")
    .filter((text) => text.trim() !== "").map(parseSide);
  const count = shape.reduce((product, side) => product * side, 1);
  const size = Number(type[1]);
  const data = start + length;
  if (data + count * size > bytes.length) {
    throw cutOff;
  }
  if (type === "u1") {
    return { shape, type, values: bytes.subarray(data, data + count) };
  }
  return {
    shape,
    type,
    values: Float64Array.from(
      { length: count },
      (_, i) => read(view, data + i * size, order !== ">"),
    ),
  };
}

/** A length as Python writes it; Python 2 on Windows ends long ones with an L. */
function parseSide(text: string): number {
  const [, digits] = /^\s*(\d+)L?\s*$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new SyntaxError(
      `an array must have whole numbers as its shape, got "${quotation(text)}"`,
    );
  }
  return Number(digits);
}
