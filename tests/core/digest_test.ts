import { assertEquals, assertThrows } from "@std/assert";
import { bytesOf, canonicalJson, sha256 } from "../../src/core/digest.ts";

Deno.test("sha256() gives the digest published for abc", () => {
  // FIPS 180-4, example "abc".
  assertEquals(
    sha256("a", "bc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("canonicalJson() writes the numbers and keys of RFC 8785", () => {
  // RFC 8785, section 3.2.2, the numbers of its example.
  assertEquals(
    canonicalJson({
      numbers: [333333333.33333329, 1E30, 4.50, 2e-3, 1e-27],
      a: null,
    }),
    '{"a":null,"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
  );
});

Deno.test("canonicalJson() refuses what JSON cannot hold", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  for (
    const value of [
      undefined,
      { a: NaN },
      [Infinity],
      { a: 1n },
      "\ud800",
      loop,
    ]
  ) {
    assertThrows(
      () => canonicalJson(value),
      TypeError,
      "Canonical JSON needs a value that JSON can hold",
    );
  }
});

Deno.test("bytesOf() gives exactly the bytes of a view", () => {
  const view = new Uint16Array([1, 2, 3]).subarray(1, 2);
  assertEquals(bytesOf(view), new Uint8Array([2, 0]));
});
