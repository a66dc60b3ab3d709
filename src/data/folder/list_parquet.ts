import { stat } from "node:fs/promises";
import { messageOf } from "../../core/errors.ts";
import { readBytes } from "../read_bytes.ts";
import type { Split } from "../dataset.ts";
import type { FolderListing, ListedImage } from "./folder_listing.ts";
import type { ArrayOptions } from "./list_arrays.ts";
import { listShards, type Shard } from "./list_shards.ts";
import { type ParquetRow, readParquetRows } from "./parquet_rows.ts";
import { parquetFolder } from "./recognise_layout.ts";
import { sortLabels } from "./sort_labels.ts";
import { testingSplit, useOfSplit } from "./split_names.ts";

/** Largest file, and largest sum of the files of a folder, in bytes. */
const LARGEST_FILE = 2 ** 30;
const LARGEST_SUM = 2 ** 31;

/** A row and where it is from. */
interface SplitRow extends ParquetRow {
  readonly path: string;
  readonly name: string;
  readonly split: Split | undefined;
}

/**
 * Lists the images of a Parquet file, or of a folder of them; see
 * `readParquetRows` and `listShards`. Names of the classes are those that the
 * metadata has for the labels.
 *
 * @throws {Error} If they are no such files, or too large.
 */
export async function listParquet(
  { path, mostImages, whole }: ArrayOptions,
): Promise<FolderListing> {
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? await parquetFolder(path) : path;
  const shards: Shard[] = isFolder ? await listShards(folder) : [{ name: "" }];
  const testing = testingSplit(
    shards.flatMap(({ split }) => split === undefined ? [] : [split]),
  );
  const rows: SplitRow[] = [];
  const leftOut: Record<string, number> = {};
  let names: readonly string[] | undefined;
  let sum = 0;
  for (const { name, split: named } of shards) {
    const file = isFolder ? `${folder}/${name}` : path;
    const split = useOfSplit(named, testing, { whole });
    if (split === "left out") {
      leftOut["Parquet for validation"] =
        (leftOut["Parquet for validation"] ?? 0) + 1;
      continue;
    }
    const bytes = await readBytes(file, { limitBytes: LARGEST_FILE });
    sum += bytes.length;
    if (sum > LARGEST_SUM) {
      throw new RangeError(
        `its Parquet files must have at most ${LARGEST_SUM} bytes together`,
      );
    }
    try {
      const found = await readParquetRows(bytes, mostImages - rows.length);
      names ??= found.names;
      found.rows.forEach((row, i) =>
        rows.push({
          ...row,
          path: `${file}/${i}`,
          name: isFolder ? `${name}/${i}` : String(i),
          split,
        })
      );
    } catch (error) {
      if (!isFolder) throw error;
      throw new SyntaxError(`"${name}": ${messageOf(error)}`);
    }
  }
  const present = new Set(rows.map(({ label }) => label));
  const areNamed = names !== undefined &&
    [...present].every((label) => names.includes(label));
  const classNames = areNamed
    ? names!.filter((name) => present.has(name))
    : sortLabels(present);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  return {
    layout: "array file",
    classNames,
    images: rows.map(({ path, name, content, label, split }): ListedImage => ({
      path,
      name,
      content,
      label: labels.get(label)!,
      ...(split && { split }),
    })),
    comesSplit: testing !== undefined,
    leftOut,
  };
}
