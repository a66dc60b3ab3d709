import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { sha256 } from "../../src/core/digest.ts";
import { UsageError } from "../../src/core/errors.ts";
import {
  checkJournal,
  journalPath,
  openJournal,
} from "../../src/results/journal.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { finishedCell, provenance } from "./finished_cell.ts";

const header = {
  study: "s",
  dataset: "d",
  backend: "wasm",
  versions: { dupbench: "0" },
};

async function inFolder(test: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/x.journal.jsonl`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("journalPath() is next to the output", () => {
  assertEquals(journalPath("a/b.json"), "a/b.journal.jsonl");
});

Deno.test("openJournal() gives back the cells that were appended", () =>
  inFolder(async (path) => {
    const first = await openJournal(path, header);
    assertEquals([first.cells, first.torn], [[], false]);
    await first.append(finishedCell(1));
    await first.append(finishedCell(2));
    first.close();
    const second = await openJournal(path, header);
    assertEquals(second.cells, [finishedCell(1), finishedCell(2)]);
    await second.append(finishedCell(3));
    second.close();
    const third = await openJournal(path, header);
    assertEquals(third.cells.length, 3);
    await third.remove();
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("openJournal() gives back which run finished which cells, and reads cells of older versions, whose run is not known", () =>
  inFolder(async (path) => {
    const { finishedAt: _, ...run } = provenance;
    const other = { ...run, cpu: "Other" };
    const cells = [1, 2, 3, 4, 5, 6].map(finishedCell);
    const ids = cells.map(({ id }) => id);
    const first = await openJournal(path, header);
    await first.append(cells[0]!);
    await Promise.all([1, 2].map((i) => first.append(cells[i]!, run)));
    first.close();
    const second = await openJournal(path, header);
    await second.append(cells[3]!, run);
    second.close();
    const third = await openJournal(path, header);
    await third.append(cells[4]!, other);
    await third.append(cells[5]!, other);
    third.close();
    const again = await openJournal(path, header);
    again.close();
    assertEquals(again.cells, cells);
    // A line for each, after the header.
    const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
    assertEquals(lines.length, 1 + cells.length);
    assertEquals(
      again.runs.map(({ cells, run: { finishedAt: _, ...run } }) => ({
        cells,
        run,
      })),
      [
        { cells: [ids[1]!, ids[2]!], run },
        { cells: [ids[3]!], run },
        { cells: [ids[4]!, ids[5]!], run: other },
      ],
    );
  }));

Deno.test("openJournal() keeps all cells that are appended at the same time, in their order", () =>
  inFolder(async (path) => {
    const ids = Array.from({ length: 40 }, (_, i) => (i * 7919) % 1000);
    const journal = await openJournal(path, header);
    await Promise.all(ids.map((id) => journal.append(finishedCell(id))));
    journal.close();
    const again = await openJournal(path, header);
    assertEquals(again.torn, false);
    assertEquals(again.cells, ids.map(finishedCell));
    again.close();
  }));

Deno.test("openJournal() refuses a file without a whole line that is not the start of a journal, and leaves it", () =>
  inFolder(async (path) => {
    for (const text of ["my notes", '{"cells":[', "\ufeff{"]) {
      await Deno.writeTextFile(path, text);
      await assertRejects(
        () => openJournal(path, header),
        UsageError,
        "is not a journal",
      );
      assertEquals(await Deno.readTextFile(path), text);
    }
  }));

Deno.test("openJournal() removes a torn last line wherever the kill happened, and says so", () =>
  inFolder(async (path) => {
    const journal = await openJournal(path, header);
    await journal.append(finishedCell(1));
    journal.close();
    const whole = await Deno.readFile(path);
    const head = new TextDecoder().decode(whole).indexOf("\n") + 1;
    for (let end = head + 1; end < whole.length; end += 97) {
      await Deno.writeFile(path, whole.subarray(0, end));
      const { cells, torn, append, close } = await openJournal(path, header);
      assertEquals([cells, torn], [[], true]);
      await append(finishedCell(1));
      close();
      assertEquals(await Deno.readFile(path), whole);
    }
  }));

Deno.test("openJournal() starts again where the kill happened in the first line", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path, '{"record":{"stu');
    const journal = await openJournal(path, header);
    assertEquals([journal.cells, journal.torn], [[], true]);
    await journal.append(finishedCell(1));
    journal.close();
    assertEquals((await openJournal(path, header)).cells.length, 1);
  }));

Deno.test("openJournal() refuses a corrupt line, naming it", () =>
  inFolder(async (path) => {
    const journal = await openJournal(path, header);
    await journal.append(finishedCell(1));
    await journal.append(finishedCell(2));
    journal.close();
    const lines = (await Deno.readTextFile(path)).split("\n");
    lines[1] = lines[1]!.replace('"correct":7', '"correct":8');
    await Deno.writeTextFile(path, lines.join("\n"));
    await assertRejects(
      () => openJournal(path, header),
      UsageError,
      "Line 2 of the journal",
    );
  }));

Deno.test("openJournal() refuses the journal of another study, data set, backend or version", () =>
  inFolder(async (path) => {
    (await openJournal(path, header)).close();
    for (
      const [field, other] of Object.entries({
        study: "t",
        dataset: "e",
        backend: "cpu",
        versions: { dupbench: "1" },
      })
    ) {
      await assertRejects(
        () => openJournal(path, { ...header, [field]: other }),
        UsageError,
        `belongs to another sweep, with ${field} `,
      );
    }
  }));

Deno.test("openJournal() refuses a journal that another sweep is writing", () =>
  inFolder(async (path) => {
    const journal = await openJournal(path, header);
    await assertRejects(
      () => openJournal(path, header),
      UsageError,
      "Another sweep is writing",
    );
    journal.close();
    (await openJournal(path, header)).close();
  }));

Deno.test("openJournal() never opens a journal that another sweep has just deleted", () =>
  inFolder(async (path) => {
    let kept = 0;
    const sweep = async () => {
      for (let i = 0; i < 50; i++) {
        let journal;
        try {
          journal = await openJournal(path, header);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          continue;
        }
        await journal.append(finishedCell(1));
        // What is on disk under that name is what was just written.
        assertEquals((await Deno.readTextFile(path)).split("\n").length, 3);
        kept++;
        await journal.remove();
      }
    };
    await Promise.all(Array.from({ length: 8 }, sweep));
    assertEquals(kept > 0, true);
  }));

Deno.test("openJournal() refuses a sealed first line that is not a header", () =>
  inFolder(async (path) => {
    const hash = sha256("null");
    await Deno.writeTextFile(path, `{"record":null,"sha256":"${hash}"}\n`);
    await assertRejects(
      () => openJournal(path, header),
      UsageError,
      "belongs to another sweep, with study null",
    );
  }));

Deno.test({
  name: "openJournal() refuses what is not a regular file",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (path) => {
      await Deno.symlink("/dev/zero", path);
      await assertRejects(
        () => openJournal(path, header),
        UsageError,
        "must be a regular file",
      );
    }),
});

Deno.test("openJournal() reads a journal that an editor gave a byte-order mark, and loses no byte of it", () =>
  inFolder(async (path) => {
    const journal = await openJournal(path, header);
    await journal.append(finishedCell(1));
    journal.close();
    const whole = await Deno.readFile(path);
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...whole);
    await Deno.writeFile(path, marked);
    const again = await openJournal(path, header);
    assertEquals([again.cells, again.torn], [[finishedCell(1)], false]);
    await again.append(finishedCell(2));
    again.close();
    const longer = await Deno.readFile(path);
    assertEquals(longer.subarray(0, marked.length), marked);
    const third = await openJournal(path, header);
    assertEquals(third.cells, [finishedCell(1), finishedCell(2)]);
    third.close();
  }));

Deno.test("checkJournal() takes cells of the plan only, each once, with counts that agree", () => {
  const sound = (seed: number): FinishedCell => {
    const cell = finishedCell(seed);
    const { test } = cell.outcome;
    const correctPerClass = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0];
    const outcome = {
      ...cell.outcome,
      // The config asks for ten epochs.
      epochs: Array.from({ length: cell.config.epochs }, () => ({
        loss: 2.3,
        images: 10,
        steps: 1,
      })),
      test: { ...test!, clean: { ...test!.clean, correctPerClass } },
    };
    const epochs = outcome.epochs.map(() => cell.timing.epochs[0]!);
    return { ...cell, outcome, timing: { ...cell.timing, epochs } };
  };
  const [one, two, other] = [sound(1), sound(2), sound(3)];
  const plan = {
    planned: new Map([one, two].map(({ id, config }) => [id, config])),
    testPerClass: Array<number>(10).fill(1),
  };
  checkJournal("j", [one, two], plan);
  const wrong = structuredClone(two);
  wrong.outcome.test!.clean.correct = 8;
  for (
    const [cell, what] of [
      [other, "is not one of this sweep"],
      [one, "occurs twice"],
      [{ ...two, config: other.config }, "is not that of the sweep"],
      [wrong, "outcome.test.clean.correct: expected 7 by its bits, got 8"],
    ] as const
  ) {
    const { message } = assertThrows(
      () => checkJournal("j", [one, cell], plan),
      UsageError,
    );
    assertEquals(
      message.startsWith(
        'Line 3 of the journal "j" does not match the sweep: ',
      ),
      true,
    );
    assertEquals(message.includes(what), true, message);
  }
});
