import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../src/results/safetensors.ts";

/** A file by hand: a header as given, with its true length, and data. */
function file(header: unknown, dataBytes = 0, length?: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  const words = new DataView(bytes.buffer);
  words.setBigUint64(0, BigInt(length ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const f32 = (shape: unknown, ...data_offsets: unknown[]) => ({
  dtype: "F32",
  shape,
  data_offsets,
});

Deno.test("encodeSafetensors() writes the published format", () => {
  const bytes = encodeSafetensors([
    { name: "b", shape: [2, 1], data: Float32Array.of(1, -2) },
    { name: "a", shape: [], data: Float32Array.of(0.5) },
  ], { from: "test" });
  const header =
    '{"__metadata__":{"from":"test"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},' +
    '"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
  const padded = header.padEnd(144);
  assertEquals([...bytes.subarray(0, 8)], [144, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(new TextDecoder().decode(bytes.subarray(8, 152)), padded);
  // IEEE 754 single precision, low byte first.
  assertEquals(
    [...bytes.subarray(152)],
    [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f],
  );
});

Deno.test("decodeSafetensors() gives back what encodeSafetensors() was given", () => {
  const tensor = fc.array(fc.nat({ max: 3 }), { maxLength: 3 }).chain((shape) =>
    fc.record({
      name: fc.string({ unit: "grapheme" }).filter((n) => n !== "__metadata__"),
      shape: fc.constant(shape),
      data: fc.float32Array({
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      }),
    })
  );
  const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name });
  const metadata = fc.dictionary(fc.string(), fc.string(), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(tensors, metadata, (tensors, metadata) => {
      const bytes = encodeSafetensors(tensors, metadata);
      assertEquals(bytes.length % 4, 0);
      // A view into a longer buffer must read the same.
      const shifted = new Uint8Array(bytes.length + 3).subarray(3);
      shifted.set(bytes);
      const read = decodeSafetensors(shifted);
      const byName = (a: { name: string }, b: { name: string }) =>
        a.name < b.name ? -1 : 1;
      const full = (all: typeof tensors) =>
        all.filter((t) => t.data.length > 0);
      assertEquals(full(read.tensors as typeof tensors), full(tensors));
      assertEquals(
        [...read.tensors].sort(byName),
        [...tensors].sort(byName),
      );
      assertEquals(read.metadata, metadata);
    }),
    { seed: 20250400, numRuns: 200 },
  );
});

Deno.test("decodeSafetensors() keeps float32 bits, infinities and NaN included", () => {
  const data = Float32Array.of(-0, Infinity, -Infinity, NaN, 2 ** -149);
  const [read] =
    decodeSafetensors(encodeSafetensors([{ name: "x", shape: [5], data }]))
      .tensors;
  assertEquals(new Uint8Array(read!.data.buffer), new Uint8Array(data.buffer));
});

const unwritable: [
  name: string,
  tensors: [string, number[], number][],
  message: string,
][] = [
  [
    "a name twice",
    [["a", [1], 1], ["a", [1], 1]],
    '"a" cannot name a tensor: names must be unique',
  ],
  ["the reserved name", [["__metadata__", [1], 1]], "unique"],
  [
    "a shape too small",
    [["a", [2, 2], 5]],
    "must hold 5 values, got [2,2]",
  ],
  ["negative extents", [["a", [-2, -2], 4]], "[-2,-2]"],
];
for (const [name, tensors, message] of unwritable) {
  Deno.test(`encodeSafetensors() refuses ${name}`, () => {
    assertThrows(
      () =>
        encodeSafetensors(tensors.map(([name, shape, values]) => ({
          name,
          shape,
          data: new Float32Array(values),
        }))),
      RangeError,
      message,
    );
  });
}

const malformed: [name: string, bytes: Uint8Array, message: string][] = [
  ["an empty file", new Uint8Array(), "file must have at least 8 bytes"],
  ["a cut header", file("{}", 0, 3), "header length must be at most 2"],
  [
    "a header length beyond any file",
    new Uint8Array(16).fill(255),
    "header length must be at most 8, got 18446744073709551615",
  ],
  ["a header that is no JSON", file("{"), "header must be a JSON object"],
  ["a header that is a list", file("[]"), "header must be a JSON object"],
  ["a header that is null", file("null"), "header must be a JSON object"],
  ["a header behind a space", file(" {}"), "header must be a JSON object"],
  ["no header", file(""), "header must be a JSON object"],
  [
    "a header that is not UTF-8",
    Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x7d),
    "UTF-8",
  ],
  [
    "metadata that is no text",
    file({ __metadata__: { a: 1 } }),
    "__metadata__",
  ],
  ["metadata that is a list", file({ __metadata__: [] }), "__metadata__"],
  ["metadata that is null", file({ __metadata__: null }), "__metadata__"],
  ["another dtype", file({ a: { ...f32([1], 0, 4), dtype: "F16" } }, 4), "F32"],
  ["a missing shape", file({ a: f32(undefined, 0, 4) }, 4), 'tensor "a"'],
  [
    "an unknown field",
    file({ a: { ...f32([1], 0, 4), b: 1 } }, 4),
    'tensor "a"',
  ],
  ["a tensor that is null", file({ a: null }), 'tensor "a"'],
  ["a negative extent", file({ a: f32([-1], 0, 4) }, 4), 'tensor "a"'],
  ["a broken extent", file({ a: f32([0.5, 2], 0, 4) }, 4), 'tensor "a"'],
  ["one offset", file({ a: f32([1], 0) }, 4), 'tensor "a"'],
  ["offsets the wrong way", file({ a: f32([1], 4, 0) }, 4), "begin at 0"],
  [
    "a shape unlike its data",
    file({ a: f32([3], 0, 8) }, 8),
    "span the 3 values of shape [3], got [0, 8]",
  ],
  [
    "a shape beyond all numbers",
    file({ a: f32([2 ** 50, 2 ** 50, 2 ** 50], 0, 8) }, 8),
    "span",
  ],
  ["cut data", file({ a: f32([2], 0, 8) }, 7), "end within 7 bytes"],
  [
    "data to spare",
    file({ a: f32([1], 0, 4) }, 5),
    "data must be 4 bytes long",
  ],
  [
    "overlapping tensors",
    file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12),
    'data_offsets of "b" must begin at 8, got 4',
  ],
  [
    "a gap",
    file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
    "must begin at 4, got 8",
  ],
  [
    "a name twice",
    file(
      `{"a":${JSON.stringify(f32([1], 0, 4))},"a":${
        JSON.stringify(f32([1], 4, 8))
      }}`,
      8,
    ),
    "must begin at 0",
  ],
];
for (const [name, bytes, message] of malformed) {
  Deno.test(`decodeSafetensors() refuses ${name}`, () => {
    assertThrows(() => decodeSafetensors(bytes), SyntaxError, message);
  });
}

Deno.test("decodeSafetensors() throws nothing but SyntaxError on broken files", () => {
  const good = encodeSafetensors([
    { name: "a", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    { name: "b", shape: [1], data: Float32Array.of(5) },
  ], { k: "v" });
  fc.assert(
    fc.property(
      fc.nat({ max: good.length - 1 }),
      fc.nat({ max: 255 }),
      fc.nat({ max: good.length }),
      (at, byte, length) => {
        const bad = good.slice(0, length);
        if (at < length) bad[at] = byte;
        try {
          decodeSafetensors(bad);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
        }
      },
    ),
    { seed: 20250400, numRuns: 2000 },
  );
});

Deno.test("encodeSafetensors() refuses what decodeSafetensors() could not read", () => {
  const tensor = (name: string, shape: number[], data: unknown) => [
    { name, shape, data: data as Float32Array },
  ];
  const three = new Float32Array(3);
  for (const shape of [[1.5, 2], [NaN], [-1, -3], [Infinity, 0]]) {
    assertThrows(
      () => encodeSafetensors(tensor("a", shape, three)),
      RangeError,
      'The shape of "a" must hold 3 values',
    );
  }
  assertThrows(
    () => encodeSafetensors(tensor("\ud800", [3], three)),
    RangeError,
    "must be Unicode text",
  );
  for (const data of [new Float64Array(3), new Int16Array(3), [1, 2, 3]]) {
    assertThrows(
      () => encodeSafetensors(tensor("a", [3], data)),
      TypeError,
      'The data of "a" must be a Float32Array, Int32Array or Uint8Array, got ',
    );
  }
  assertThrows(
    () => encodeSafetensors([], { a: 1 as unknown as string }),
    TypeError,
    '"metadata" must map text to text, got {"a":1}',
  );
});
