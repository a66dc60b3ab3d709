import { assertEquals, assertThrows } from "@std/assert";
import { createHash as createNodeHash } from "node:crypto";
import { createHash } from "../../src/browser/node/crypto.ts";

Deno.test("createHash() of pages gives the SHA-256 of node:crypto, in parts of any size", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 73 + 5) % 256);
  for (let length = 0; length <= 300; length++) {
    const first = bytes.subarray(0, length * 7 % (length + 1));
    const rest = bytes.subarray(first.length, length);
    const expected = createNodeHash("sha256").update(bytes.subarray(0, length));
    const found = createHash("sha256").update(first).update(rest);
    assertEquals(found.digest("hex"), expected.digest("hex"), `${length}`);
  }
  const text = "naïve, 重複";
  const found = createHash("sha256").update(text).digest();
  const expected = createNodeHash("sha256").update(text).digest();
  assertEquals([...found], [...expected]);
  assertEquals(found.readInt32LE(4), expected.readInt32LE(4));
});

Deno.test("createHash() of pages takes large inputs", () => {
  const zeros = new Uint8Array(1 << 20);
  const found = createHash("sha256");
  const expected = createNodeHash("sha256");
  for (let i = 0; i < 3; i++) {
    found.update(zeros);
    expected.update(zeros);
  }
  assertEquals(found.digest("hex"), expected.digest("hex"));
});

Deno.test("createHash() of pages has no other algorithm", () => {
  assertThrows(() => createHash("md5"), RangeError, 'got "md5"');
});
