import { parseJson } from "../core/read_json.ts";
import { isCrate } from "../export/read_crate.ts";
import { requireReplaceable } from "../results/require_replaceable.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { Format } from "./export_contents.ts";
import { type OwnFile, requireOwnFile } from "./require_own_files.ts";

/** What each format writes, and what tells it from other files, of any version. */
const own: Readonly<
  Record<Format, Pick<OwnFile, "what"> & { is(bytes: Uint8Array): boolean }>
> = {
  "csv": {
    what: "a table of a result set",
    is: (bytes) => asciiOf(bytes.subarray(0, 11)) === "study,cell,",
  },
  "parquet": {
    what: "a table of a result set",
    is: (bytes) =>
      asciiOf(bytes.subarray(0, 4)) === "PAR1" &&
      asciiOf(bytes).includes("dupbench.schema"),
  },
  "ro-crate": { what: "a crate of a result set", is: isCrate },
  "croissant": {
    what: "a description of a result set in Croissant",
    is(bytes) {
      const { conformsTo, name } = Object(parseJson(bytes));
      return String(conformsTo).startsWith("http://mlcommons.org/croissant/") &&
        String(name).startsWith("dupbench result set ");
    },
  },
};

/**
 * Requires that a file of an export replaces nothing but that of an earlier one, and
 * a copy of the result set nothing but a set of the same study.
 *
 * @param path Absolute path.
 * @throws {UsageError} If there is anything else.
 */
export async function requireOwnExport(
  path: string,
  { format, set }: { format: Format; set: ResultSet },
): Promise<void> {
  const isCroissant = format === "croissant";
  if (isCroissant && !/(\.csv|-croissant\.json)$/.test(path)) {
    return await requireReplaceable(path, {
      ...set,
      backend: set.cells[0]?.config.backend,
      failed: set.cells.filter(({ status }) => status === "failed").length,
    });
  }
  const { what, is } =
    own[isCroissant && path.endsWith(".csv") ? "csv" : format];
  await requireOwnFile(path, {
    what,
    check(bytes) {
      if (!is(bytes)) throw new Error("its content is another");
    },
  });
}

/** Bytes as text, one character each. */
function asciiOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
