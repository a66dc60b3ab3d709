import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { packBits, unpackBits } from "../../src/results/bit_string.ts";

Deno.test("packBits() puts image 0 into the highest bit", () => {
  assertEquals(packBits([true, false, false, false, true]), "88");
});

Deno.test("unpackBits() gives back what packBits() was given", () => {
  fc.assert(fc.property(fc.array(fc.boolean()), (bits) => {
    assertEquals(unpackBits(packBits(bits), bits.length), bits);
  }));
});

Deno.test("unpackBits() refuses wrong lengths, wrong digits and bits after the last image", () => {
  assertThrows(() => unpackBits("88", 4), RangeError, "1 hexadecimal");
  assertThrows(() => unpackBits("g", 4), RangeError);
  assertThrows(
    () => unpackBits("81", 5),
    RangeError,
    "Bits after image 5 must be 0",
  );
});
