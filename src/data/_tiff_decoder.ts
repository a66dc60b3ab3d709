import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The exports of imagescript's TIFF decoder. */
export interface TiffDecoder {
  /** Its memory; views of it go stale when it grows. */
  readonly memory: WebAssembly.Memory;
  /** Allocates bytes; the decoder frees what it is given. */
  walloc(length: number): number;
  /** Decodes a file; 0 where that fails. */
  decode(at: number, length: number): number;
  /** Width of a decoded image in pixels. */
  decode_width(image: number): number;
  /** Height of a decoded image in pixels. */
  decode_height(image: number): number;
  /** Address of its RGBA bytes; `wlen` then gives their number. */
  decode_buffer(image: number): number;
  /** Length of the data whose address the last call returned. */
  wlen(): number;
}

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 2 ** 16;

/** Pages by which limits of memory differ; each limit has a module. */
const STEP = 256;

/** Largest limit in pages: 1 GiB less a step. */
const MOST = 2 ** 14 - STEP;

/** Modules by their limit of memory, in pages. */
const repaired = new Map<number, WebAssembly.Module>();

/**
 * A new instance of imagescript's TIFF decoder, repaired: in imagescript 1.3.1
 * its stack is 16 bytes (the initial value of global 0), so that it traps on
 * every image. It gets 15 pages, of which the stack has those above the data. Its
 * memory gets a limit, at which it traps, as tags other than the size of the
 * image may ask for a hundred megabytes.
 *
 * @param limitBytes Largest size of its memory, at least 2^20; rounded up by less
 * than 16 MiB.
 */
export async function openTiffDecoder(
  limitBytes: number,
): Promise<TiffDecoder> {
  const pages = Math.min(Math.ceil(limitBytes / PAGE / STEP) * STEP, MOST);
  let module = repaired.get(pages);
  if (module === undefined) {
    const path = import.meta.resolve("imagescript/wasm/any/tiff.wasm");
    const binary = await readFile(fileURLToPath(path));
    module = new WebAssembly.Module(repair(binary, pages));
    repaired.set(pages, module);
  }
  const { exports } = new WebAssembly.Instance(module);
  return exports as unknown as TiffDecoder;
}

/** `(memory 1)`: no maximum, 1 page. */
const onePage = [1, 0, 1];
/** `(global (mut i32) (i32.const 16))`, after the count of 3 globals. */
const tinyStack = [3, 0x7f, 1, 0x41, 16, 0x0b];

/** WebAssembly core specification, section 5.5: the binary's sections. */
function repair(
  binary: Uint8Array,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const parts: number[][] = [[...binary.subarray(0, 8)]];
  for (let at = 8; at < binary.length;) {
    const id = binary[at]!;
    let [length, shift, start] = [0, 0, at + 1];
    do length |= (binary[start]! & 0x7f) << shift, shift += 7; while (
      binary[start++]! & 0x80
    );
    let body = [...binary.subarray(start, start + length)];
    if (id === 5 && startsWith(body, onePage)) {
      body = [1, 1, 15, ...unsignedLeb(pages)];
    }
    if (id === 6 && startsWith(body, tinyStack)) {
      // 15 * 65536 in signed LEB128.
      body.splice(4, 1, 0x80, 0x80, 0x3c);
    }
    parts.push([id, ...unsignedLeb(body.length), ...body]);
    at = start + length;
  }
  return Uint8Array.from(parts.flat());
}

function startsWith(bytes: number[], head: number[]): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}

function unsignedLeb(value: number): number[] {
  return value < 0x80
    ? [value]
    : [value & 0x7f | 0x80, ...unsignedLeb(value >>> 7)];
}
