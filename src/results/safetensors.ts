import { z } from "zod";
import { bytesOf } from "../core/digest.ts";
import { quotation } from "../core/errors.ts";
import { parseJson } from "../core/read_json.ts";

/** Types of values, as safetensors names them. */
const arrays = {
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

/** A named tensor of 32-bit floats, 32-bit integers or bytes. */
export interface NamedTensor {
  /** Unique in its file; `__metadata__` is reserved. */
  name: string;
  /** Extents, outermost first; `[]` is a scalar. */
  shape: readonly number[];
  /** Values, row-major. */
  data: Float32Array | Int32Array | Uint8Array;
}

/** Content of a safetensors file. */
export interface SafetensorsContent {
  /** Tensors in the order of their data. */
  tensors: NamedTensor[];
  /** Free text by key. */
  metadata: Record<string, string>;
}

const METADATA = "__metadata__";

/** Bytes of the header's length; the header is padded to a multiple of it. */
const WORD = 8;

/** Largest header that the reference reader accepts, in bytes. */
const MAX_HEADER = 100_000_000;

const natural = z.int().min(0);

const tensorInfo = z.strictObject({
  dtype: z.enum(["F32", "I32", "U8"]),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});

/**
 * Writes tensors as a safetensors file: the header's length as a 64-bit
 * little-endian integer, a JSON header padded with spaces to a multiple of 8
 * bytes, then the data of the tensors without gaps. Equal input gives equal
 * bytes; the machine is assumed to be little-endian, as all that run Deno are.
 *
 * @throws {RangeError} If a name is used twice, reserved or no Unicode text, or a
 * shape does not match its data.
 * @throws {TypeError} If data is of another type, or a value of `metadata` no text.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  // Text, as an object would put number-like names first.
  const fields: string[] = [];
  const field = (name: string, value: unknown) =>
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (!isTextByKey(metadata)) {
    throw new TypeError(
      `"metadata" must map text to text, got ${
        quotation(JSON.stringify(metadata))
      }`,
    );
  }
  if (Object.keys(metadata).length > 0) field(METADATA, metadata);
  const names = new Set([METADATA]);
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) {
      throw new RangeError(
        `"${name}" cannot name a tensor: names must be unique, and "${METADATA}" is reserved`,
      );
    }
    // Readers refuse a file with half of a pair of code units.
    if (!name.isWellFormed()) {
      throw new RangeError(
        `The name of a tensor must be Unicode text, got ${
          JSON.stringify(name)
        }`,
      );
    }
    const dtype = typeOf(data);
    if (dtype === undefined) {
      throw new TypeError(
        `The data of "${name}" must be a Float32Array, Int32Array or Uint8Array, got ${
          Object.prototype.toString.call(data).slice("[object ".length, -1)
        }`,
      );
    }
    if (
      !shape.every((n) => Number.isInteger(n) && n >= 0) ||
      sizeOf(shape) !== data.length
    ) {
      throw new RangeError(
        `The shape of "${name}" must hold ${data.length} values, got [${shape}]`,
      );
    }
    names.add(name);
    const begin = end;
    end += data.byteLength;
    field(name, { dtype, shape, data_offsets: [begin, end] });
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const headerBytes = Math.ceil(json.length / WORD) * WORD;
  const bytes = new Uint8Array(WORD + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(" ".charCodeAt(0), WORD, WORD + headerBytes);
  bytes.set(json, WORD);
  let at = WORD + headerBytes;
  for (const { data } of tensors) {
    bytes.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of these types and checks everything in it: the
 * tensors must cover the data exactly, without gap or overlap, so that a name used
 * twice is refused too.
 *
 * @returns Tensors with data of their own, not views of `bytes`.
 * @throws {SyntaxError} If the bytes are not such a file.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  const { header, dataStart } = readHeader(bytes);
  const { [METADATA]: metadata = {}, ...rest } = header;
  if (!isTextByKey(metadata)) {
    throw malformed(METADATA, "map text to text", JSON.stringify(metadata));
  }
  const infos = Object.entries(rest).map(([name, raw]) => {
    const info = tensorInfo.safeParse(raw);
    if (info.success) return { name, ...info.data };
    throw malformed(
      `tensor "${name}"`,
      "have dtype F32, I32 or U8, a shape and two data_offsets",
      JSON.stringify(raw),
    );
  });
  infos.sort((a, b) =>
    a.data_offsets[0] - b.data_offsets[0] ||
    a.data_offsets[1] - b.data_offsets[1]
  );
  const dataBytes = bytes.length - dataStart;
  let covered = 0;
  const tensors = infos.map((info) => {
    const { name, dtype, shape, data_offsets: [begin, end] } = info;
    const Values = arrays[dtype];
    const where = `data_offsets of "${name}"`;
    if (begin !== covered) {
      throw malformed(where, `begin at ${covered}`, `${begin}`);
    }
    const length = sizeOf(shape);
    if (end - begin !== length * Values.BYTES_PER_ELEMENT) {
      throw malformed(
        where,
        `span the ${length} values of shape [${shape}]`,
        `[${begin}, ${end}]`,
      );
    }
    if (end > dataBytes) {
      throw malformed(where, `end within ${dataBytes} bytes`, `${end}`);
    }
    covered = end;
    const own = bytes.slice(dataStart + begin, dataStart + end);
    return { name, shape, data: new Values(own.buffer) };
  });
  if (covered !== dataBytes) {
    throw malformed("data", `be ${covered} bytes long`, `${dataBytes}`);
  }
  return { tensors, metadata };
}

/** The name of the type of values; of none of them, `undefined`. */
function typeOf(data: NamedTensor["data"]): keyof typeof arrays | undefined {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Int32Array) return "I32";
  return data instanceof Uint8Array ? "U8" : undefined;
}

function readHeader(
  bytes: Uint8Array,
): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < WORD) {
    throw malformed("file", `have at least ${WORD} bytes`, `${bytes.length}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset)
    .getBigUint64(0, true);
  const most = Math.min(bytes.length - WORD, MAX_HEADER);
  if (length > BigInt(most)) {
    throw malformed("header length", `be at most ${most}`, `${length}`);
  }
  const dataStart = WORD + Number(length);
  const text = bytes.subarray(WORD, dataStart);
  try {
    const header: unknown = parseJson(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text),
    );
    if (text[0] === "{".charCodeAt(0)) {
      return { header: header as Record<string, unknown>, dataStart };
    }
  } catch {
    // Errors of text and of JSON get the same message below.
  }
  throw malformed("header", "be a JSON object in UTF-8", `${length} bytes`);
}

/** Checked by hand, as a zod record would drop a key named `__proto__`. */
function isTextByKey(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string");
}

/** Number of values that a shape holds; exact for any length that files have. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

function malformed(thing: string, want: string, got: string): SyntaxError {
  return new SyntaxError(
    `Safetensors ${quotation(thing)} must ${quotation(want)}, got ${
      quotation(got)
    }`,
  );
}
