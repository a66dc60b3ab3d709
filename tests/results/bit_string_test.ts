import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  countDifferingBits,
  packBits,
  unpackBits,
} from "../../src/results/bit_string.ts";

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

Deno.test("unpackBits() refuses a length that is no count", () => {
  for (const length of [-1, 3.5, NaN, Infinity]) {
    assertThrows(
      () => unpackBits("", length),
      RangeError,
      `"length" must be an integer of at least 0, got ${length}`,
    );
  }
});

Deno.test("countDifferingBits() counts them, and refuses other lengths and digits", () => {
  assertEquals(countDifferingBits("8f", "07"), 2);
  for (const [a, b] of [["ff", "f"], ["f", "ff"], ["zz", "ff"], ["ff", "zz"]]) {
    assertThrows(() => countDifferingBits(a!, b!), RangeError, "must be");
  }
});
