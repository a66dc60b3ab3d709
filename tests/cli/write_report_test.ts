import { assertEquals } from "@std/assert";
import { callIo, processIo } from "../../src/cli/io.ts";
import { writeReport } from "../../src/cli/write_report.ts";
import { classNamesOf } from "../../src/data/class_names.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { readRecorded } from "../recorded_sets.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";

const set = await readRecorded("quick");

Deno.test("report has the class names of the data set that was trained on, not those of one whose name begins alike", () =>
  inFolder(async (folder) => {
    for (
      const [name, first] of [["cifar100", "apple"], ["folder", "class 0"]]
    ) {
      const renamed = { ...set, dataset: { ...set.dataset, name: name! } };
      await writeReport({
        read: [{ set: renamed, path: "quick.json" }],
        out: folder,
        margin: 1,
        examples: "they were not requested",
        command: ["report", "/home/somebody/quick.json", "-o=/home/somebody/r"],
      }, callIo(processIo(), []));
      const page = await Deno.readTextFile(`${folder}/report.html`);
      assertEquals(page.includes(`>${first}<`), true, name);
      assertEquals(page.includes("airplane"), false, name);
      // As in result sets, nobody's home folder is published.
      assertEquals(page.includes("somebody"), false);
      assertEquals(page.includes("report quick.json -o=r<"), true);
    }
  }));

Deno.test("classNamesOf() has the names that data sets are loaded with", async () => {
  const { classNames } = await loadDataset("cifar10-mini");
  assertEquals(classNamesOf("cifar10-mini"), classNames);
  assertEquals(classNamesOf("cifar10"), classNames);
  assertEquals(classNamesOf("cifar100")!.length, 100);
  assertEquals(classNamesOf("cifar100-coarse")!.length, 20);
  assertEquals(classNamesOf("fashion-mnist")!.length, 10);
  assertEquals(classNamesOf("constructor"), undefined);
});
