import { readdir, readFile, rm } from "node:fs/promises";
import { shellWords } from "../core/shell_words.ts";
import { classNamesOf } from "../data/class_names.ts";
import type { CellExamples } from "../report/cell_examples.ts";
import { isOfReport } from "../report/is_of_report.ts";
import type { ResultSet } from "../results/result_set.ts";
import { version } from "../results/versions.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import type { CallIo } from "./io.ts";
import { program } from "./program.ts";
import { recordWords } from "./record_words.ts";
import { requireOwnFiles } from "./require_own_files.ts";

/** What to report, and where to. */
export interface WriteReportOptions {
  /** The result sets, and the files that they are in. */
  readonly read: readonly { readonly set: ResultSet; readonly path: string }[];
  /** Folder to write. */
  readonly out: string;
  /** Smallest change of accuracy that matters, in points. */
  readonly margin: number;
  /** Example images, or the reason why there are none, as a clause. */
  readonly examples: CellExamples | string;
  /** The command that makes this report, and its words. */
  readonly command: readonly string[];
}

/** The page, by which a folder is known as that of a report. */
const PAGE = "report.html";

/**
 * Requires that a report which is about to be written replaces nothing but an
 * earlier one.
 *
 * @param folder Absolute path.
 * @param names Its files; default: those that every report has.
 * @throws {UsageError} If the page there is not that of a report, or if there is no
 * page, but a file of one of these names that is not of a report.
 */
export async function requireOwnReport(
  folder: string,
  names: Iterable<string> = ["report.md", "series.csv", "classes.csv"],
): Promise<void> {
  await requireOwnFiles({
    first: `${folder}/${PAGE}`,
    others: Array.from(names, (name) => ({
      path: `${folder}/${name}`,
      is: (bytes) => isOfReport(name, new TextDecoder().decode(bytes)),
    })),
    what: "a report",
    check(bytes) {
      if (isOfReport(PAGE, new TextDecoder().decode(bytes))) return;
      throw new Error("it has another title");
    },
  });
}

/**
 * Writes a report, and removes drawings and tables of an earlier one in the same
 * folder that it does not have.
 *
 * @returns Names of the files.
 * @throws {UsageError} If a file there is not of an earlier report, or cannot be
 * written.
 */
export async function writeReport(
  { read, out, margin, examples, command }: WriteReportOptions,
  io: CallIo,
): Promise<readonly string[]> {
  const { makeReport } = await import("../report/make_report.ts");
  const sets = read.map(({ set }) => set);
  const content = await makeReport(sets, {
    margin,
    examples,
    classNames: new Map(
      sets.flatMap(({ dataset }) => {
        const names = classNamesOf(dataset.name);
        return names === undefined ? [] : [[dataset.sha256, names] as const];
      }),
    ),
    paths: recordWords(read.map(({ path }) => path), io),
    command: `${program} ${shellWords(recordWords(command, io))}`,
    version,
  });
  await requireOwnReport(io.path(out), content.keys());
  // The page first: by it the files are known if the others are not finished.
  for (const name of new Set([PAGE, ...content.keys()])) {
    await writeFileAtomically(io.path(`${out}/${name}`), content.get(name)!);
  }
  await removeStale(io.path(out), content);
  return [...content.keys()];
}

async function removeStale(
  out: string,
  content: ReadonlyMap<string, string>,
): Promise<void> {
  const table = `${out}/conditions.csv`;
  if (!content.has("conditions.csv")) {
    const text = await readFile(table, "utf8").catch(() => "");
    if (isOfReport("conditions.csv", text)) await rm(table);
  }
  const folder = `${out}/figures`;
  const entries = await readdir(folder, { withFileTypes: true })
    .catch(() => []);
  for (const entry of entries) {
    const { name } = entry;
    if (!entry.isFile() || !name.endsWith(".svg")) continue;
    if (content.has(`figures/${name}`)) continue;
    // Others may keep drawings of their own there.
    const text = await readFile(`${folder}/${name}`, "utf8").catch(() => "");
    if (isOfReport(`figures/${name}`, text)) await rm(`${folder}/${name}`);
  }
}
