import { basename } from "node:path";
import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";

const options = z.strictObject({
  files: files({ usage: "page FILE.json", web: true }).max(1, {
    error: "Name one file only: page FILE.json",
  }),
  out: filePath("FILE.html").optional().describe(
    "File to write (default results/local/NAME.html)",
  ),
  cells: z.array(z.string().regex(/^[0-9a-f]{4,16}$/)).min(1).optional()
    .describe(
      "Ids of the cells to hold, or their first 4 digits or more (default all)",
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
    `One file of HTML holds the results, the kernels and the program. Whoever opens
it, from disk or from any web server, chooses a cell and presses a button: the
browser trains that network and says of every recorded value whether it was
reproduced, bit for bit. Nothing is installed or sent, and no network is needed. Images of
cifar10-mini are in the page; for cifar10 the reader chooses the files of its
binary version. Cells of the backend wasm only.`,
  async run({ files: [path], out, cells }, io) {
    if (out !== undefined && !out.endsWith(".html")) {
      throw new UsageError(`--out must end in .html, got "${out}"`);
    }
    const [{ set }] = await readSets([path!], io);
    const { makeVerifyingPage } = await import(
      "../browser/make_verifying_page.ts"
    );
    const page = await makeVerifyingPage(set, { path: path!, cells });
    const target = out ??
      `results/local/${basename(path!).replace(/\.(json|zip)$/, "")}.html`;
    await writeFileAtomically(io.path(target), page);
    io.print(`wrote ${target}, ${(page.length / 1e6).toFixed(1)} MB`);
    return 0;
  },
});
