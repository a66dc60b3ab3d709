import { assert, assertEquals } from "@std/assert";
import { canonicalNaN } from "../../src/core/canonical_nan.ts";

Deno.test("canonicalNaN() gives every NaN the bits 0x7FC00000, and keeps all other bits", () => {
  const bits = Uint32Array.of(
    0xffc00000, // the NaN of x86
    0x7fc00000, // the NaN of ARM
    0x7fa00001, // a signalling NaN
    0x80000000, // -0
    0xff800000, // -infinity
    0x00000001, // the smallest number
  );
  const found = new Uint32Array(
    canonicalNaN(new Float32Array(bits.buffer.slice(0))).buffer,
  );
  assertEquals(
    [...found],
    [0x7fc00000, 0x7fc00000, 0x7fc00000, ...bits.subarray(3)],
  );
});

Deno.test("canonicalNaN() gives an array without NaN back", () => {
  const values = Float32Array.of(1, -0, Infinity);
  assert(canonicalNaN(values) === values);
});
