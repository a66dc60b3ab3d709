import { datasets, type DatasetTerm } from "../../src/spec/datasets.ts";
import { code, page, sentence, table } from "./markdown.ts";

/** `data_sets.md`: the data sets that a study may use. */
export function dataSetsPage(): string {
  return page(
    "# Data sets",
    "`deno task data --dataset NAME` loads one of them, checks it and prints its counts per class and its SHA-256. [Data](../data.md) explains how each set is obtained and how to use your own images.",
    table(
      ["`dataset`", "title", "images", "source"],
      Object.entries(datasets).map(
        ([name, { title, meaning, source }]: [string, DatasetTerm]) => [
          code(name),
          sentence(title),
          sentence(meaning),
          sentence(source),
        ],
      ),
    ),
  );
}
