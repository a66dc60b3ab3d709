import { z } from "zod";
import { webAddress } from "../core/fetch_text_bytes.ts";

/** An option whose value is the path of a file. */
export function filePath(placeholder = "FILE"): z.ZodString {
  return z.string().min(1, { error: "must be a path, got an empty word" })
    .meta({ value: placeholder, path: "file" });
}

/** An option whose value is the path of data: a folder or a file. */
export function dataPath(): z.ZodString {
  return filePath("FOLDER|FILE");
}

/** An option whose value is the path of a folder. */
export function folderPath(): z.ZodString {
  return z.string().min(1).meta({ value: "FOLDER", path: "folder" });
}

/** What the operands of a command are. */
interface FilesOptions {
  /** How many there must be; default 1. */
  least?: number;
  /** The call, as help shows it. */
  usage: string;
  /** Whether they may be addresses of the web; default no. */
  web?: boolean;
}

/** The operands of a command that reads files: `least` of them or more. */
export function files(
  { least = 1, usage, web = false }: FilesOptions,
): z.ZodArray<z.ZodString> {
  const file = web ? filePath("FILE|URL") : filePath().refine(
    (path) => webAddress(path) === undefined,
    {
      error: ({ input }) => `must be a file, got "${input}": download it first`,
    },
  );
  return z.array(file).min(least, {
    error: `Name ${
      least === 1 ? "a file" : `${least} files or more`
    }: ${usage}`,
  });
}
