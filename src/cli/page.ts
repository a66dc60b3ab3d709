import { basename } from "node:path";
import { z } from "zod";
import { webAddress } from "../core/fetch_text_bytes.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";
import { requireEnding } from "./require_ending.ts";
import { requireOwnFile } from "./require_own_files.ts";
import { recordWords } from "./record_words.ts";

const options = z.strictObject({
  files: files({ usage: "page FILE.json", web: true }).max(1, {
    error: "Name one file only: page FILE.json",
  }),
  out: filePath("FILE.html").optional().describe(
    "File to write (default results/local/NAME.html)",
  ),
  cells: z.array(
    z.string().regex(/^[0-9a-f]{4,16}$/, {
      error: "must be 4 to 16 hexadecimal digits",
    }),
  ).min(1).optional()
    .describe(
      "Ids of the cells to include, or at least their first 4 digits (default all)",
    )
    .meta({ value: "ID" }),
});

/** `page FILE`: one page on which a reader trains recorded networks again. */
export const pageCommand = defineCommand({
  examples: [
    "results/quick.json",
    "results/quick.json --cells 59aa,d09a -o verify.html",
  ],
  usage: "FILE.json [-o FILE.html] [options]",
  options,
  operands: "files",
  help:
    `The page is one HTML file with the results, the kernels and the program. It opens
from disk or from any web server. The reader chooses a cell and presses a button:
the browser trains that network and shows for every recorded value whether it was
reproduced, bit for bit. Nothing is installed or sent, and no network is needed.
The page contains the images of cifar10-mini; for cifar10 the reader chooses the
files of its binary version. Only cells of the backend wasm can be run; a
result set of which no cell can be run is refused.`,
  async run({ files: [path], out, cells }, io) {
    if (out !== undefined) requireEnding(out, { endings: [".html"] });
    const [{ set }] = await readSets([path!], io);
    const target = out ??
      `results/local/${stemOf(path!) || set.study.name}.html`;
    await requireOwnFile(io.path(target), {
      what: "a page that verifies",
      check(bytes) {
        const text = new TextDecoder().decode(bytes);
        if (/<title>[^<]*: verify in the browser<\/title>/.test(text)) return;
        throw new Error("it has another title");
      },
    });
    const { makeVerifyingPage } = await import(
      "../browser/make_verifying_page.ts"
    );
    const [recorded] = recordWords([path!], io);
    const page = await makeVerifyingPage(set, { path: recorded!, cells });
    await writeFileAtomically(io.path(target), page);
    io.print(`wrote ${target}, ${(page.length / 1e6).toFixed(1)} MB`);
    return 0;
  },
});

/** The name of a file without its ending; of an address without its query. */
function stemOf(path: string): string {
  return basename(webAddress(path)?.pathname ?? path)
    .replace(/\.(json|zip)$/, "");
}
