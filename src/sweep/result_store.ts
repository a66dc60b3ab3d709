import { stat } from "node:fs/promises";
import { messageOf, UsageError } from "../core/errors.ts";
import { makeFolder } from "../core/make_folder.ts";
import {
  type JournalHeader,
  journalPath,
  openJournal,
} from "../results/journal.ts";
import {
  type Replacement,
  requireReplaceable,
} from "../results/require_replaceable.ts";
import type { Run } from "../results/provenance.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { ResumedCells } from "../results/result_set_types.ts";
import { formatResultSet } from "../results/format_result_set.ts";
import { writeFileAtomically } from "../results/write_file.ts";

/** Where a sweep keeps what it has computed. */
export interface ResultStore {
  /** Journal of finished cells, where there is one. */
  readonly journal?: string;
  /** Cells that an earlier run finished. */
  readonly cells: readonly FinishedCell[];
  /** Which of them each earlier run finished, in the order of the runs. */
  readonly runs: readonly ResumedCells[];
  /** Whether the last line of the journal was cut off, as a kill leaves it. */
  readonly torn: boolean;
  /** Keeps a finished cell and where it ran, safe when it resolves. */
  append(cell: FinishedCell, run: Run): Promise<void>;
  /**
   * Writes the result set, `failed` of whose cells failed. The journal stays if
   * any did, to run them again.
   */
  finish(set: ResultSet, failed: number): Promise<void>;
  /** Releases its files, without a journal that holds no cell. */
  discard(): Promise<void>;
  /** Releases its files; finished cells stay in the journal. */
  close(): void;
}

/** A store that writes nothing: cells are only in memory. */
export function openMemoryStore(): ResultStore {
  return {
    cells: [],
    runs: [],
    torn: false,
    append: () => Promise.resolve(),
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
    close() {},
  };
}

/**
 * A store in a result-set file, whose journal is next to it until the set is
 * complete.
 *
 * @param replacement What will be written to the file.
 * @throws {UsageError} If the journal cannot be opened, or belongs to another
 * sweep, or the file holds anything but an earlier result set of the study, on
 * the same images and backend.
 */
export async function openFileStore(
  out: string,
  header: JournalHeader,
  replacement: Omit<Replacement, "failed">,
): Promise<ResultStore> {
  await requireReplaceable(out, replacement);
  const path = journalPath(out);
  const journal = await openJournal(path, header);
  let isOpen = true;
  const close = () => {
    if (isOpen) journal.close();
    isOpen = false;
  };
  return {
    journal: path,
    cells: journal.cells,
    runs: journal.runs,
    torn: journal.torn,
    append: (cell, run) => journal.append(cell, run),
    async finish(set, failed) {
      // Somebody may have put a file there in the meantime.
      await requireReplaceable(out, { ...replacement, failed });
      await writeFileAtomically(out, formatResultSet(set));
      if (failed > 0) return close();
      await journal.remove();
      isOpen = false;
    },
    async discard() {
      if (journal.cells.length > 0) return close();
      await journal.remove();
      isOpen = false;
    },
    close,
  };
}

/**
 * Makes the folders into which a sweep writes.
 *
 * @throws {UsageError} If the output is a folder, or a folder cannot be made.
 */
export async function makeFolders(
  { out, exportDir }: {
    out?: string | undefined;
    exportDir?: string | undefined;
  },
): Promise<void> {
  const folders: string[] = [];
  if (out !== undefined) {
    const old = await stat(out).catch(() => null);
    if (old?.isDirectory()) {
      throw new UsageError(`Cannot write "${out}": it is a folder`);
    }
    const slash = out.lastIndexOf("/");
    folders.push(slash > 0 ? out.slice(0, slash) : ".");
  }
  if (exportDir !== undefined) folders.push(exportDir);
  for (const folder of folders) {
    try {
      await makeFolder(folder);
    } catch (error) {
      throw new UsageError(
        `Cannot make folder "${folder}": ${messageOf(error)}`,
      );
    }
  }
}
