/**
 * A page whose images the reader chooses from disk. The files are in the layout
 * of the official binary version of CIFAR-10, filled with images of the embedded
 * part.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeVerifyingPage } from "../../src/browser/make_verifying_page.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { cifar10Files } from "../../src/data/parse_cifar10.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { compareValues } from "../../src/verify/compare_values.ts";
import { chromiumTest } from "../chromium_available.ts";
import { binaryRows } from "../data/_binary_rows.ts";
import { firefoxTest } from "../firefox_available.ts";
import { runBrowser } from "../run_browser.ts";
import { inFolder, small, sweep } from "../sweep/tiny_sweep.ts";
import type { Seen } from "./_read_page.ts";

/** Writes the six files; those of the training images are equal. */
async function writeFiles(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const { train, test } = await loadCifar10Mini();
  const images = { train: binaryRows(train), test: binaryRows(test) };
  for (const name of cifar10Files) {
    const bytes = images[name.startsWith("test") ? "test" : "train"];
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

for (
  const [browser, test] of [
    ["chromium", chromiumTest],
    ["firefox", firefoxTest],
  ] as const
) {
  test(
    "a page trains with files of CIFAR-10 that the reader chooses, and says which one is missing and that images differ",
    () =>
      inFolder(async (folder) => {
        const files = `${folder}/cifar 10`;
        await writeFiles(files);
        const set = await sweep(folder, {
          ...small,
          ratios: "1",
          dataset: "cifar10",
          "data-dir": files,
        });
        const [cell] = set.cells as [FinishedCell];
        const html = await makeVerifyingPage(set, { path: "tiny.json" });
        assert(!html.includes('id="data-images"'), "its images are not in it");
        await Deno.writeTextFile(`${folder}/verify.html`, html);

        const paths = cifar10Files.map((name) => `${files}/${name}`);
        // The same file with every image brighter, by its name.
        const changed = await Deno.readFile(paths[1]!);
        const other = `${folder}/data_batch_2.bin`;
        await Deno.writeFile(
          other,
          changed.map((byte, at) => at % 3073 === 0 ? byte : byte ^ 1),
        );
        const choices = [
          [],
          paths.slice(0, -1),
          paths.with(1, other),
          paths.toReversed(),
        ];
        const [none, five, wrong, right]: Seen[] = await runBrowser(
          "tests/browser/_choose_files.ts",
          ...[browser, `file://${folder}/verify.html`],
          JSON.stringify(choices),
        );
        for (
          const [seen, fault] of [
            [none, '"data_batch_1.bin" is not among the chosen files'],
            [five, '"test_batch.bin" is not among the chosen files'],
            [wrong, "The images differ from the recorded ones: sha256"],
          ] as const
        ) {
          assertEquals(seen!.verdict, "The cell could not be run here");
          assertStringIncludes(seen!.explanation, fault);
        }
        const { length } = compareValues(cell, cell);
        assertEquals(
          right!.verdict,
          `All ${length} recorded values were reproduced, bit for bit`,
          right!.explanation,
        );
      }),
  );
}
