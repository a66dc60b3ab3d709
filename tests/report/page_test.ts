import { assert, assertEquals } from "@std/assert";
import { cifar10Classes } from "../../src/data/cifar10_classes.ts";
import { makeReport } from "../../src/report/make_report.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import type { CellExamples } from "../../src/report/cell_examples.ts";
import { chromiumTest } from "../chromium_available.ts";
import { runBrowser } from "../run_browser.ts";
import { readRecorded } from "../recorded_sets.ts";

/** Images of every kind that a page may show, each of one colour. */
function examplesOf(cell: FinishedCell): CellExamples {
  const image = (value: number) => new Uint8Array(32 * 32 * 3).fill(value);
  const common = { row: 7, label: 1 };
  return {
    cell,
    isOutcomeEqual: true,
    tookMs: 1,
    shape: [32, 32, 3],
    classNames: cifar10Classes,
    duplicates: [{
      ...common,
      original: image(10),
      copy: image(10),
      augmented: { original: image(20), copy: image(30) },
    }],
    attacked: ["fgsm", "apgd-ce-20"].map((attack) => ({
      ...common,
      attack,
      clean: image(40),
      attacked: image(48),
      change: image(255),
      largestChange: 8 / 255,
      predicted: 2,
    })),
  };
}

chromiumTest(
  "report opens from disk without script or network, narrow, dark and printed, and axe finds nothing",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const set = await readRecorded("quick-1e218e0d");
      const files = await makeReport([set], {
        margin: 1,
        examples: examplesOf(set.cells.at(-1) as FinishedCell),
        classNames: new Map([[set.dataset.sha256, cifar10Classes]]),
        paths: ["fixtures/sets/quick-1e218e0d.json"],
        command: "deno task report fixtures/sets/quick-1e218e0d.json",
        version: "0",
      });
      await Deno.writeTextFile(
        `${folder}/report.html`,
        files.get("report.html")!,
      );
      const page = `file://${folder}/report.html`;
      const { light, dark } = await runBrowser("tests/report/_browse.ts", page);
      for (const found of [light, dark]) {
        assertEquals(
          found.requests.filter((url: string) => !url.startsWith("data:")),
          [page],
        );
        assertEquals(found.complaints, []);
        assertEquals(found.widths, [360, 360]);
        assertEquals(found.lefts, [20, 20, 20]);
        assertEquals(found.violations, []);
        assertEquals(found.firstStop, "skip");
      }
      assertEquals(light.ground, "rgb(255, 255, 255)");
      assertEquals(dark.ground, "rgb(20, 21, 22)");
      assertEquals(light.line, "rgb(0, 114, 178)");
      assertEquals(dark.line, "rgb(86, 180, 233)");
      assertEquals(light.print.head, "%PDF-");
      assert(light.print.bytes > 20_000);
      // On paper the tables in closed details are there, too.
      assert(light.print.tables.length > 3);
      for (const height of light.print.tables) assert(height > 30);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

chromiumTest(
  "tables of numbers fit on a desktop, and on a phone leave room for numbers next to their names",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      // Long names and twelve epochs with intervals.
      const names = ["protocol-sizes", "protocol-dedup", "protocol-widths"];
      const files = await makeReport(
        await Promise.all(names.map(readRecorded)),
        {
          margin: 1,
          examples: "they were not requested",
          classNames: new Map(),
          paths: names.map((name) => `results/${name}.json`),
          command: "deno task report",
          version: "0",
        },
      );
      const path = `${folder}/report.html`;
      await Deno.writeTextFile(path, files.get("report.html")!);
      const found = await runBrowser(
        "tests/report/_browse_tables.ts",
        `file://${path}`,
      );
      for (const width of [1280, 360]) {
        assertEquals(found[width].page, width);
        assert(found[width].tables > 20);
      }
      assertEquals(found[1280].scrolled, []);
      for (const width of found[360].names) assert(width < 200, `${width}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
