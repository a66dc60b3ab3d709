import { z } from "zod";

/** An option whose value is the path of a file. */
export function filePath(placeholder = "FILE"): z.ZodString {
  return z.string().min(1).meta({ value: placeholder, path: "file" });
}

/** An option whose value is the path of data: a folder or a file. */
export function dataPath(): z.ZodString {
  return filePath("FOLDER|FILE");
}

/** An option whose value is the path of a folder. */
export function folderPath(): z.ZodString {
  return z.string().min(1).meta({ value: "FOLDER", path: "folder" });
}

/** The operands of a command that reads files: `least` of them or more. */
export function files(
  { least = 1, usage }: { least?: number; usage: string },
): z.ZodArray<z.ZodString> {
  return z.array(filePath()).min(least, {
    error: `Name ${
      least === 1 ? "a file" : `${least} files or more`
    }: ${usage}`,
  });
}
