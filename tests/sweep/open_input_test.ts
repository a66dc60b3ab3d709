import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openInput } from "../../src/sweep/open_input.ts";

/** A stream of bytes in parts of these lengths, over and over. */
function streamOf(
  bytes: Uint8Array,
  lengths: readonly number[],
): ReadableStream<Uint8Array> {
  let at = 0;
  let part = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const length = lengths[part++ % lengths.length]!;
      controller.enqueue(bytes.slice(at, at += length));
    },
  });
}

Deno.test("openInput() gives lines and bytes as written, however the stream is cut", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) =>
    text.replaceAll("\n", "").replace(/^\ufeff/, "")
  );
  await fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(line, fc.uint8Array({ maxLength: 40 })), {
      maxLength: 5,
    }),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    async (messages, lengths) => {
      const encoder = new TextEncoder();
      const written = messages.flatMap(([line, bytes]) => [
        ...encoder.encode(`${line}\n`),
        ...bytes,
      ]);
      const input = openInput(streamOf(Uint8Array.from(written), lengths));
      for (const [line, bytes] of messages) {
        assertEquals(await input.line(), line);
        assertEquals(await input.bytes(bytes.length), bytes);
      }
      assertEquals(await input.line(), undefined);
      assertEquals(await input.line(), undefined);
    },
  ));
});

Deno.test("openInput() drops what a writer that died did not complete", async () => {
  const text = new TextEncoder().encode("whole\npart");
  const lines = openInput(streamOf(text, [3]));
  assertEquals(await lines.line(), "whole");
  assertEquals(await lines.line(), undefined);
  const bytes = openInput(streamOf(text, [3]));
  assertEquals(await bytes.line(), "whole");
  assertEquals(await bytes.bytes(5), undefined);
});
