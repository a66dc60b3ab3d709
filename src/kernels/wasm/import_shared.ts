/** Pages of the shared memory of the official build with threads: 4 GiB. */
const mostPages = 65_536;

/**
 * A module that imports a memory, rewritten to import a shared one: sharing is a
 * part of a module's type. The instructions are the same, and so are the results
 * to the bit. The import is the only one of the module's imports
 * (WebAssembly 1.0 with threads, section 5.5.5: sections of id and size; 5.3.7:
 * limits with a flag, 3 for shared with a maximum).
 *
 * @throws {SyntaxError} If the first import is not such a memory.
 */
export function importShared(
  binary: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const section = findImports(binary);
  const [count, first] = readNumber(binary, section.from);
  const [moduleBytes, moduleAt] = readNumber(binary, first);
  const [nameBytes, nameAt] = readNumber(binary, moduleAt + moduleBytes);
  const kind = nameAt + nameBytes;
  if (count !== 1 || binary[kind] !== 2 || binary[kind + 1] !== 0) {
    throw new SyntaxError(
      "The kernels must import one memory without a maximum, got another import",
    );
  }
  const [pages] = readNumber(binary, kind + 2);
  const body = [
    ...binary.slice(section.from, kind + 1),
    ...[3, ...writeNumber(pages), ...writeNumber(mostPages)],
  ];
  return Uint8Array.from([
    ...binary.slice(0, section.at),
    ...[2, ...writeNumber(body.length), ...body],
    ...binary.slice(section.end),
  ]);
}

/** Where the section of imports, id 2, begins and ends. */
function findImports(binary: Uint8Array) {
  let at = 8;
  while (at < binary.length) {
    const [bytes, from] = readNumber(binary, at + 1);
    if (binary[at] === 2) return { at, from, end: from + bytes };
    at = from + bytes;
  }
  throw new SyntaxError("The kernels must import a memory, got no import");
}

/** An unsigned LEB128 number, and where the next byte is. */
function readNumber(bytes: Uint8Array, at: number): [number, number] {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
    shift += 7;
  }
}

/** A number as unsigned LEB128. */
function writeNumber(value: number): number[] {
  return value < 128
    ? [value]
    : [(value & 127) | 128, ...writeNumber(Math.floor(value / 128))];
}
