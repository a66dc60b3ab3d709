/**
 * Writes the pages of `docs/reference` and the glossary from the tables of
 * `src/spec`, the definitions of the commands, the schema of result sets and the
 * doc comments of the package's entries; with `--check`, only says whether they are current.
 *
 * @module
 */
import { analysisPage } from "./_pages/analysis.ts";
import { attacksPage } from "./_pages/attacks.ts";
import { axesPage } from "./_pages/axes.ts";
import { commandsPage } from "./_pages/commands.ts";
import { dataSetsPage } from "./_pages/data_sets.ts";
import { glossaryPage } from "./_pages/glossary.ts";
import { libraryPages } from "./_pages/library.ts";
import { generatedNote } from "./_pages/markdown.ts";
import { resultSetsPage } from "./_pages/result_sets.ts";
import { studiesPage } from "./_pages/studies.ts";
import { trainingPage } from "./_pages/training.ts";

const pages = {
  "reference/commands.md": commandsPage,
  "reference/studies.md": studiesPage,
  "reference/axes.md": axesPage,
  "reference/attacks.md": attacksPage,
  "reference/training.md": trainingPage,
  "reference/data_sets.md": dataSetsPage,
  "reference/result_sets.md": resultSetsPage,
  "reference/analysis.md": analysisPage,
  "glossary.md": glossaryPage,
};

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  const texts: Record<string, string> = await libraryPages();
  for (const [path, makePage] of Object.entries(pages)) {
    texts[path] = await makePage();
  }
  for (const [path, content] of Object.entries(texts)) {
    const url = new URL(path, import.meta.url);
    const text = `${generatedNote}\n\n${content}`;
    if (!isCheck) {
      await Deno.mkdir(new URL(".", url), { recursive: true });
      await Deno.writeTextFile(url, text);
    } else if (await Deno.readTextFile(url).catch(() => "") !== text) {
      console.error(`docs/${path} is stale: run "deno task docs"`);
      Deno.exit(1);
    }
  }
}
