import { canonicalJson, sha256 } from "../core/digest.ts";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, textLimitBytes } from "../core/read_json.ts";
import {
  type FinishedCell,
  finishedCellSchema,
  type Shard,
} from "./result_set.ts";

/** What a journal belongs to; one that differs in any field is another's. */
export interface JournalHeader {
  /** Digest of the study. */
  study: string;
  /** SHA-256 of the data set. */
  dataset: string;
  /** Backend the cells run on. */
  backend: string;
  /** Which part of the study's cells; none: all. */
  shard?: Shard | undefined;
  /** Versions of dupbench, Deno and the packages that decide numbers. */
  versions: Record<string, string>;
}

/** An open journal: finished cells, kept the moment they are known. */
export interface Journal {
  /** Cells that earlier runs finished. */
  readonly cells: readonly FinishedCell[];
  /** Whether the last line had been cut short, as a kill leaves it. */
  readonly torn: boolean;
  /** Appends a cell and waits until the disk has it. */
  append(cell: FinishedCell): Promise<void>;
  /** Lets go of the file. */
  close(): void;
  /** Lets go of the file and deletes it. */
  remove(): Promise<void>;
}

/** The journal of an output file stands beside it. */
export function journalPath(out: string): string {
  return out.replace(/(\.json)?$/, ".journal.jsonl");
}

/**
 * Opens the journal of a sweep, or starts it. Each line is a JSON object and
 * its own SHA-256; the first names the study. The file is locked while open, so
 * that two sweeps never write one output. A last line without an end is what a
 * killed sweep leaves: it is cut off and reported in `torn`. Any other line
 * that does not check out is refused, never dropped.
 *
 * @throws {UsageError} If the journal is locked, another study's or corrupt, or
 * the file cannot be opened.
 */
export async function openJournal(
  path: string,
  header: JournalHeader,
): Promise<Journal> {
  const file = await openLocked(path);
  try {
    const text = await readAll(file);
    const end = text.lastIndexOf("\n") + 1;
    const torn = end < text.length;
    const [first, ...lines] = text.slice(0, end).split("\n").slice(0, -1);
    const cells: FinishedCell[] = [];
    const sealedHeader = seal(header);
    if (first === undefined) {
      await cutTo(file, 0);
      await append(file, path, sealedHeader);
    } else {
      checkHeader(path, first, header);
      lines.forEach((line, i) => cells.push(readCell(path, i + 2, line)));
      await cutTo(file, new TextEncoder().encode(text.slice(0, end)).length);
    }
    return {
      cells,
      torn,
      append: (cell) => append(file, path, seal(cell)),
      close: () => file.close(),
      async remove() {
        await Deno.remove(path);
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Opens and locks the file that stands at the path once it is locked. */
async function openLocked(path: string): Promise<Deno.FsFile> {
  while (true) {
    const file = await openFile(path);
    try {
      const { isFile, size, ino } = await file.stat();
      if (!isFile || size > textLimitBytes) {
        throw new UsageError(
          `Cannot open journal "${path}" as it must be a file of at most ${textLimitBytes} bytes: current value is ${
            isFile ? size : "no regular file"
          }`,
        );
      }
      if (!await file.tryLock(true)) {
        throw new UsageError(
          `Cannot open journal as another sweep is writing it: "${path}"`,
        );
      }
      // A sweep that ends deletes its journal: one opened just before that is
      // locked in vain, as nobody would ever find what is written to it.
      const there = await Deno.stat(path).catch(() => null);
      if (there?.ino === ino) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    throw new UsageError(
      `Cannot open journal "${path}": ${messageOf(error)}`,
    );
  }
}

async function readAll(file: Deno.FsFile): Promise<string> {
  const { size } = await file.stat();
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) break;
    at += read;
  }
  return new TextDecoder().decode(bytes.subarray(0, at));
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
    // Reported below, as a wrong digest is.
  }
  throw new UsageError(
    `Cannot read journal "${path}" as line ${number} is corrupt: mend it, or move the file away to start again`,
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
        `Cannot resume from journal "${path}" as its ${field} differs: expected ${
          quotation(want)
        }, found ${
          quotation(got)
        }; finish that sweep, choose another --out, or move the file away`,
      );
    }
  }
}

function readCell(path: string, number: number, line: string): FinishedCell {
  const parsed = finishedCellSchema.safeParse(unseal(path, number, line));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `Cannot read journal "${path}" as line ${number} is not a cell: ${
      quotation(parsed.error.issues[0]!.message)
    }`,
  );
}

async function append(file: Deno.FsFile, path: string, line: string) {
  const bytes = new TextEncoder().encode(line + "\n");
  const { size } = await file.stat();
  try {
    let at = 0;
    while (at < bytes.length) at += await file.write(bytes.subarray(at));
    await file.syncData();
  } catch (error) {
    // What was half written would read as a torn line; take it back if the
    // disk still lets us.
    await cutTo(file, size).catch(() => {});
    throw new UsageError(
      `Cannot append to journal "${path}": ${
        messageOf(error)
      }; finished cells before this one are kept`,
    );
  }
}

/** Drops what stands behind `size` bytes and goes on writing there. */
async function cutTo(file: Deno.FsFile, size: number): Promise<void> {
  await file.truncate(size);
  await file.seek(size, Deno.SeekMode.Start);
}
