import type { FolderListing } from "./folder_listing.ts";
import { sortLabels } from "./sort_labels.ts";

/** The columns that are read. */
const columns = ["image", "label"];

/**
 * Lists the images of a Parquet file as image hubs keep them: a column `image`,
 * whose `bytes` are those of an image file, or which is these bytes, and a column
 * `label`. Names of the classes are those that the metadata has for the labels.
 *
 * @throws {Error} If it is no such file.
 */
export async function listParquet(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<FolderListing> {
  const { parquetMetadata, parquetReadObjects } = await import("hyparquet");
  const { buffer, byteOffset, byteLength } = bytes;
  const file = buffer.slice(byteOffset, byteOffset + byteLength);
  const metadata = parquetMetadata(file);
  const rows: Record<string, unknown>[] = await parquetReadObjects({
    file,
    metadata,
    columns,
    utf8: false,
  });
  const hub = metadata.key_value_metadata?.find(({ key }) =>
    key === "huggingface"
  )?.value;
  const names = hub === undefined ? undefined : classNamesOf(JSON.parse(hub));
  const labels = rows.map(({ label }, i) => {
    if (typeof label === "string") return label;
    if (label instanceof Uint8Array) return new TextDecoder().decode(label);
    const number = Number(label);
    if (!Number.isInteger(number) || number < 0) {
      throw new SyntaxError(`row ${i} must have a label`);
    }
    return names?.[number] ?? String(number);
  });
  const classNames = names ?? sortLabels(labels);
  const present = classNames.filter((name) => labels.includes(name));
  return {
    layout: "array file",
    classNames: present,
    images: rows.map(({ image }, i) => ({
      path: `${path}/${i}`,
      name: String(i),
      content: contentOf(image, i),
      label: present.indexOf(labels[i]!),
    })),
    comesSplit: false,
    leftOut: {},
  };
}

function contentOf(image: unknown, row: number): Uint8Array {
  const bytes = image instanceof Uint8Array
    ? image
    : (image as { bytes?: unknown } | null)?.bytes;
  if (bytes instanceof Uint8Array) return bytes;
  throw new SyntaxError(`row ${row} must have the bytes of an image file`);
}

/** The names of the labels, where the metadata of the data set has them. */
function classNamesOf(hub: unknown): readonly string[] | undefined {
  const label = (hub as {
    info?: { features?: { label?: { names?: unknown } } };
  } | null)?.info?.features?.label?.names;
  return Array.isArray(label) && label.every((name) => typeof name === "string")
    ? label
    : undefined;
}
