import { assertEquals } from "@std/assert";
import { changeImages } from "../../src/data/pixel_change.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/**
 * Re-encodes images of 32 x 32 x 3 bytes as JPEG in a process of its own: the
 * encoder needs --allow-ffi, which the tests do not have.
 *
 * @param pixels Shape `[rows, 32, 32, 3]`.
 * @param quality One for all, in `[1, 100]`.
 */
export async function reencode(
  pixels: Uint8Array,
  quality: number,
): Promise<Uint8Array> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      fromFileUrl(new URL(import.meta.url)),
      String(quality),
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(pixels);
  await writer.close();
  const { code, stdout } = await output;
  assertEquals(code, 0);
  return stdout;
}

/** The process itself: images on standard input, re-encoded on standard output. */
if (import.meta.main) {
  const quality = Number(Deno.args[0]);
  const pixels = await new Response(Deno.stdin.readable).bytes();
  const rows = Uint32Array.from({ length: pixels.length / 3072 }, (_, i) => i);
  const changed = await changeImages(
    { pixels, labels: new Uint8Array(rows.length), rows: rows.length },
    [32, 32, 3],
    { rows, changes: Array.from(rows, () => ({ kind: "jpeg", quality })) },
  );
  await new Response(Uint8Array.from(changed.pixels)).body!.pipeTo(
    Deno.stdout.writable,
  );
}
