import {
  cifarBytes,
  type CifarLayout,
  type CifarRows,
  parseCifarRows,
} from "./parse_cifar_rows.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * Reads a file of the official binary version of CIFAR-10 or CIFAR-100.
 *
 * @throws {UsageError} If the file is absent, has another size or holds a label
 * that is no class.
 */
export async function readCifarRows(
  path: string,
  layout: CifarLayout,
): Promise<CifarRows> {
  const bytes = await readBytes(path, { limitBytes: cifarBytes(layout) });
  return parseCifarRows(bytes, { path, ...layout });
}
