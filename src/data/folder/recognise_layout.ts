import { open, readdir, stat } from "node:fs/promises";
import { UsageError } from "../../core/errors.ts";
import { fileFault, refusalOf } from "../_file_fault.ts";
import { readImageHeader } from "../image_header.ts";
import { reasonToLeaveOut } from "./left_out.ts";

/** What holds the images of a data set of one's own. */
export type DataLayout = "folder" | "manifest" | "npz" | "npy" | "parquet";

/** Bytes of a file that tell what it is. */
const HEAD = 64;

/**
 * Tells what a path of data is, by content: a folder of images or of array files,
 * a manifest, or an array file. Where the content does not tell, as of a file that
 * is cut off, the ending of its name does.
 *
 * @throws {UsageError} If it is absent, unreadable or nothing of these.
 */
export async function recogniseLayout(path: string): Promise<DataLayout> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await layoutOfFolder(path);
    // To open a pipe would wait for who writes into it.
    if (!info.isFile()) {
      throw fileFault(path, "must be a file or a folder, got a device or pipe");
    }
    return layoutOfFile(path, await readHead(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fileFault(path, refusalOf(error));
  }
}

/** Whether images of a layout are in one file, or a few, with others. */
export function isArrayLayout(layout: DataLayout): boolean {
  return layout === "npz" || layout === "npy" || layout === "parquet";
}

/** The folder of Parquet files: image hubs keep them in `data/`. */
export async function parquetFolder(path: string): Promise<string> {
  const names = await visibleNames(path);
  return names.length === 1 && names[0] === "data" ? `${path}/data` : path;
}

async function layoutOfFolder(path: string): Promise<DataLayout> {
  const names = await visibleNames(path);
  if (names.includes("data_batch_1")) {
    throw fileFault(
      path,
      "holds Python pickles, which are never read: the binary version of CIFAR-10 has the same images",
    );
  }
  if (areAll(names, ".npy")) return "npy";
  if (areAll(names, ".parquet")) return "parquet";
  if (names.length === 1 && names[0] === "data") {
    const inner = await visibleNames(`${path}/data`).catch(() => []);
    if (areAll(inner, ".parquet")) return "parquet";
  }
  return "folder";
}

/** The entries of a folder but for those that are left out by their names. */
async function visibleNames(path: string): Promise<string[]> {
  return (await readdir(path)).filter((name) =>
    reasonToLeaveOut(name, { isDirectory: false }) === undefined
  ).sort();
}

function areAll(names: readonly string[], ending: string): boolean {
  return names.length > 0 &&
    names.every((name) => name.toLowerCase().endsWith(ending));
}

function layoutOfFile(path: string, head: Uint8Array): DataLayout {
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("\x93NUMPY")) return "npy";
  if (text.startsWith("PK\x03\x04")) return "npz";
  const [, ending = ""] = /\.([^./\\]+)$/.exec(path.toLowerCase()) ?? [];
  if (ending === "npz" || ending === "npy" || ending === "parquet") {
    return ending;
  }
  if (["csv", "jsonl", "ndjson"].includes(ending)) return "manifest";
  const isText = head.length > 0 &&
    !head.some((byte) => byte < 32 && ![9, 10, 13].includes(byte));
  if (isText && readImageHeader(head) === null) return "manifest";
  throw fileFault(
    path,
    ending === "bin"
      ? "is one file of several: name the folder that holds the files of CIFAR-10 or CIFAR-100"
      : "is not a data set: it must be a folder of images, a manifest (CSV or JSON Lines), a NumPy or a Parquet file",
  );
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: new Uint8Array(HEAD),
      position: 0,
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
