/**
 * Re-encodes the images on standard input, 3,072 bytes each, at the quality in
 * the argument, and writes them to standard output. A program of its own, for
 * the encoder needs --allow-ffi, which the tests do not have.
 *
 * @module
 */
import { changeImages } from "../../src/data/pixel_change.ts";

const quality = Number(Deno.args[0]);
const pixels = new Uint8Array(
  await new Response(Deno.stdin.readable).arrayBuffer(),
);
const rows = Uint32Array.from({ length: pixels.length / 3072 }, (_, i) => i);
const changed = await changeImages(
  { pixels, labels: new Uint8Array(rows.length), rows: rows.length },
  [32, 32, 3],
  { rows, changes: Array.from(rows, () => ({ kind: "jpeg", quality })) },
);
await new Blob([changed.pixels as Uint8Array<ArrayBuffer>]).stream().pipeTo(
  Deno.stdout.writable,
);
