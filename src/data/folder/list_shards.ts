import { readdir } from "node:fs/promises";
import { splitNamed } from "./split_names.ts";

/** A Parquet file of a folder. */
export interface Shard {
  readonly name: string;
  /** Its split, where names say one. */
  readonly split?: "train" | "test" | "validation";
}

/**
 * Lists the Parquet files of a folder: `train-00000-of-00002.parquet`,
 * `test.parquet` and the like, or names without splits.
 *
 * @throws {SyntaxError} If some names have a split and others none, or a file of
 * several is absent.
 */
export async function listShards(folder: string): Promise<Shard[]> {
  const names = (await readdir(folder))
    .filter((name) => /^[^.].*\.parquet$/i.test(name)).sort();
  requireComplete(names);
  const shards = names.map((name): Shard => {
    const split = splitNamed(/^[A-Za-z]*/.exec(name)![0]);
    return { name, ...(split && { split }) };
  });
  const bare = shards.find(({ split }) => split === undefined);
  const named = shards.find(({ split }) => split !== undefined);
  if (bare !== undefined && named !== undefined) {
    throw new SyntaxError(
      `"${bare.name}" must begin with a split, train, val or test, as "${named.name}" does`,
    );
  }
  return shards;
}

/** Of files that are numbered as parts of a whole, all must be there. */
function requireComplete(names: readonly string[]): void {
  for (const name of names) {
    const [, start, digits, count] =
      /^(.*?)(\d+)-of-(\d+)\.parquet$/i.exec(name) ?? [];
    if (start === undefined) continue;
    for (let part = 0; part < Number(count); part++) {
      const number = String(part).padStart(digits!.length, "0");
      const other = `${start}${number}-of-${count}.parquet`;
      if (names.includes(other)) continue;
      throw new SyntaxError(`"${other}" is absent, which "${name}" counts`);
    }
  }
}
