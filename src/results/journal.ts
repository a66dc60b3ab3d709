import { countOf } from "../core/count_of.ts";
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { canonicalJson, sha256 } from "../core/digest.ts";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { makeFolder } from "../core/make_folder.ts";
import {
  type LockableFile,
  openLockable,
} from "../core/runtime/lockable_file.ts";
import { parseJson, textLimitBytes } from "../core/read_json.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { checkCounts } from "./check_result_set.ts";
import { z } from "zod";
import { provenanceSchema, type Run } from "./provenance.ts";
import {
  type FinishedCell,
  finishedCellSchema,
  type Shard,
} from "./result_set.ts";
import type { ResumedCells } from "./result_set_types.ts";

/** The sweep that a journal belongs to; it resumes no other. */
export interface JournalHeader {
  /** Digest of the study. */
  study: string;
  /** SHA-256 of the data set. */
  dataset: string;
  /** Backend the cells run on. */
  backend: string;
  /** Which part of the study's cells; absent: all. */
  shard?: Shard | undefined;
  /** Versions of dupbench, Deno and the packages that affect numbers. */
  versions: Record<string, string>;
}

/** The byte that ends a line. */
const LINE_FEED = 0x0a;

/** An open journal: finished cells, stored as soon as they are known. */
export interface Journal {
  /** Cells that earlier runs finished. */
  readonly cells: readonly FinishedCell[];
  /**
   * Which of them each earlier run finished, in the order of the runs; of cells of
   * older versions it is not known.
   */
  readonly runs: readonly ResumedCells[];
  /** Whether the last line was incomplete, as after a kill. */
  readonly torn: boolean;
  /**
   * Appends a cell, with its run if the last cell was of another, and waits until it is on disk. It may be called again before that: cells are
   * written one after another.
   *
   * @param run Where it ran, which the set says if the sweep is resumed elsewhere or
   * in another way; absent: not recorded.
   */
  append(cell: FinishedCell, run?: Run): Promise<void>;
  /** Closes the file and releases its lock. */
  close(): void;
  /** Deletes the file and closes it. */
  remove(): Promise<void>;
}

/** Path of the journal of an output file: next to it. */
export function journalPath(out: string): string {
  return out.replace(/(\.json)?$/, ".journal.jsonl");
}

/**
 * Opens the journal of a sweep, or starts it. Each line is a JSON object with its
 * SHA-256; the first line names the study, each other one is a cell. The file is locked while open, so that
 * two sweeps never write the same output. An incomplete last line is what a killed
 * sweep leaves: it is removed and reported in `torn`. Any other invalid line is
 * refused, never dropped.
 *
 * @throws {UsageError} If the journal is locked, belongs to another study or is
 * corrupt, or if the file cannot be opened.
 */
export async function openJournal(
  path: string,
  header: JournalHeader,
): Promise<Journal> {
  let file = await openLocked(path);
  // Each line is written at the end of the file, which the one before moves.
  let last: Promise<void> = Promise.resolve();
  try {
    // Counted in bytes: a byte-order mark, for one, is no character of the text.
    const bytes = await readAll(file);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    const torn = end < bytes.length;
    const text = new TextDecoder().decode(bytes.subarray(0, end));
    const [first, ...lines] = text.split("\n").slice(0, -1);
    const entries = openEntries(path);
    let written = 0;
    let lastRun: string | undefined;
    const sealedHeader = seal(header);
    if (first === undefined) {
      requireOwnStart(path, bytes);
      await file.truncate(0);
      await append(file, path, sealedHeader);
    } else {
      checkHeader(path, first, header);
      lines.forEach((line, i) => entries.read(line, i + 2));
      await file.truncate(end);
    }
    return {
      ...entries.found,
      torn,
      append(cell, run) {
        const finishedAt = new Date().toISOString();
        const done = last.then(async () => {
          file = await restore(
            file,
            path,
            entries.found.cells.length + written,
          );
          const ownRun = run && canonicalJson(run);
          const line = run === undefined ? seal(cell) : seal({
            cell,
            finishedAt,
            ...(ownRun !== lastRun && { run }),
          });
          await append(file, path, line);
          lastRun = ownRun;
          written++;
        });
        last = done.catch(() => {});
        return done;
      },
      close: () => file.close(),
      async remove() {
        if (await isAt(path, file)) await rm(path);
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Requires that the cells of a journal are cells of the plan, each once, with
 * counts that agree: a file from elsewhere may have any digest.
 *
 * @param path Of the journal, for the message.
 * @param options `planned`: configs of the sweep's cells by id; `testPerClass`:
 * test images per class.
 * @throws {UsageError} Naming the first line that is wrong.
 */
export function checkJournal(
  path: string,
  cells: readonly FinishedCell[],
  { planned, testPerClass }: {
    planned: ReadonlyMap<string, CellConfig>;
    testPerClass: number[];
  },
): void {
  const seen = new Set<string>();
  cells.forEach((cell, i) => {
    const config = planned.get(cell.id);
    const fault = config === undefined
      ? `cell ${cell.id} is not one of this sweep`
      : seen.has(cell.id)
      ? `cell ${cell.id} occurs twice`
      : firstDifference(config, cell.config) !== null
      ? `the config of cell ${cell.id} is not that of the sweep`
      : checkCounts(cell, { testPerClass })[0];
    seen.add(cell.id);
    if (fault === undefined) return;
    throw new UsageError(
      `Line ${i + 2} of the journal "${path}" does not match the sweep: ${
        quotation(fault)
      }: move the file away to start again`,
    );
  });
}

/** Whether an open file is still the one at the path. */
async function isAt(path: string, file: LockableFile): Promise<boolean> {
  const [there, own] = await Promise.all([
    stat(path).catch(() => null),
    file.stat().catch(() => null),
  ]);
  return there !== null && there.ino === own?.ino;
}

/**
 * The journal to append to: the open file, or a copy of it at the path, with its
 * folder, if somebody removed it. What was removed can be read while it is open.
 *
 * @param cells How many are in it, for the message.
 * @throws {UsageError} If it cannot be made again.
 */
async function restore(
  file: LockableFile,
  path: string,
  cells: number,
): Promise<LockableFile> {
  if (await stat(path).then(() => true, () => false)) return file;
  const text = new TextDecoder().decode(await readAll(file));
  let copy: LockableFile | undefined;
  try {
    await makeFolder(dirname(path));
    copy = await openLocked(path);
    await append(copy, path, text.replace(/\n$/, ""));
  } catch (error) {
    copy?.close();
    throw new UsageError(
      `The journal "${path}" was removed while its sweep ran, and cannot be written again: ${
        messageOf(error)
      }; ${countOf(cells, "cell in it is", "cells in it are")} lost`,
    );
  }
  file.close();
  return copy;
}

/** Opens and locks the file that is at the path once it is locked. */
async function openLocked(path: string): Promise<LockableFile> {
  while (true) {
    const file = await openFile(path);
    try {
      const { isFile, size, ino } = await file.stat();
      if (!isFile || size > textLimitBytes) {
        throw new UsageError(
          isFile
            ? `The journal "${path}" must be at most ${textLimitBytes} bytes, got ${size}`
            : `The journal "${path}" must be a regular file`,
        );
      }
      const { taken, by } = await file.tryLock();
      if (!taken) {
        throw new UsageError(
          `Another sweep is writing the journal "${path}": wait for it, or choose another "out"${
            by === null ? "" : `; if none is running, delete "${by}"`
          }`,
          { field: "out" },
        );
      }
      // A sweep that ends deletes its journal. One that was opened just before
      // that is no longer at the path, so what is written to it would be lost.
      const there = await stat(path).catch(() => null);
      if (there?.ino === ino) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

async function openFile(path: string): Promise<LockableFile> {
  try {
    return await openLockable(path);
  } catch (error) {
    throw new UsageError(
      `Cannot open the journal "${path}": ${messageOf(error)}`,
    );
  }
}

async function readAll(file: LockableFile): Promise<Uint8Array> {
  // Not by `stat`, which fails where the folder of an open file is gone.
  const size = await file.size();
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const read = await file.read(bytes.subarray(at), at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/** A record and the digest of its canonical form, on one line. */
function seal(record: unknown): string {
  const text = canonicalJson(record);
  return `{"record":${text},"sha256":"${sha256(text)}"}`;
}

function unseal(path: string, number: number, line: string): unknown {
  try {
    const { record, sha256: sealed } = parseJson(line) as {
      record: unknown;
      sha256: unknown;
    };
    if (sha256(canonicalJson(record)) === sealed) return record;
  } catch {
    // Reported below, like a wrong digest.
  }
  throw new UsageError(
    `Line ${number} of the journal "${path}" is corrupt: repair it, or move the file away to start again`,
  );
}

/** How every journal begins. */
const START = '{"record":{';

/**
 * Requires that a file without a whole line is what a sweep leaves that is killed
 * while it writes the first: another file must not be replaced.
 */
function requireOwnStart(path: string, bytes: Uint8Array) {
  const start = new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(bytes.subarray(0, START.length));
  if (START.startsWith(start)) return;
  throw new UsageError(
    `The file "${path}" has the name of the journal of this sweep, but is not a journal: choose another "out", or move the file away`,
    { field: "out" },
  );
}

function checkHeader(path: string, line: string, header: JournalHeader) {
  const found = Object(unseal(path, 1, line)) as Partial<JournalHeader>;
  const fields = ["study", "shard", "dataset", "backend", "versions"] as const;
  for (const field of fields) {
    const want = canonicalJson(header[field] ?? null);
    const got = canonicalJson(found[field] ?? null);
    if (want !== got) {
      throw new UsageError(
        `The journal "${path}" belongs to another sweep, with ${field} ${
          quotation(got)
        } instead of ${
          quotation(want)
        }: finish that sweep, choose another "out", or move the file away`,
        { field: "out" },
      );
    }
  }
}

/** A cell, and the run that it is of if the cell before it is of another. */
const entrySchema = z.strictObject({
  cell: finishedCellSchema,
  finishedAt: provenanceSchema.shape.finishedAt,
  run: provenanceSchema.omit({ finishedAt: true }).optional(),
});

/** Reads the lines of a journal after its header, one after another. */
function openEntries(path: string) {
  const cells: FinishedCell[] = [];
  const runs: ResumedCells[] = [];
  let run: Run | undefined;
  let current: ResumedCells | undefined;
  function read(line: string, number: number): void {
    const record = unseal(path, number, line);
    const parse = <T>(schema: z.ZodType<T>): T => {
      const parsed = schema.safeParse(record);
      if (parsed.success) return parsed.data;
      throw new UsageError(
        `Line ${number} of the journal "${path}" is not a cell: ${
          quotation(parsed.error.issues[0]!.message)
        }`,
      );
    };
    if (!Object.hasOwn(Object(record), "cell")) {
      // Of an older version, without its run.
      cells.push(parse(finishedCellSchema));
      return;
    }
    const { cell, finishedAt, run: next } = parse(entrySchema);
    if (next !== undefined) {
      run = next;
      current = undefined;
    }
    cells.push(cell);
    if (run === undefined) return;
    if (current === undefined) {
      current = { cells: [], run: { ...run, finishedAt } };
      runs.push(current);
    }
    current.cells.push(cell.id);
    current.run.finishedAt = finishedAt;
  }
  return { read, found: { cells, runs } };
}

async function append(file: LockableFile, path: string, line: string) {
  const bytes = new TextEncoder().encode(line + "\n");
  const size = await file.size();
  try {
    await file.write(bytes, size);
    await file.sync();
  } catch (error) {
    // A partly written line would read as torn; remove it if the disk still
    // allows that.
    await file.truncate(size).catch(() => {});
    throw new UsageError(
      `Cannot append to the journal "${path}": ${
        messageOf(error)
      }; earlier cells are kept`,
    );
  }
}
