/**
 * Sweeps that write to a full disk or a read-only one: a tmpfs of a few pages,
 * which only root may mount. Permission bits do not stop root, so the read-only
 * folder is a read-only mount, too.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { type EndedMain, runMain } from "../cli/run_main.ts";
import { slowTest } from "../slow.ts";
import { runCommand } from "../sweep/command_line.ts";
import { reference } from "../sweep/reference.ts";
import {
  inFolder,
  small,
  study,
  sweep,
  tiny,
  toArgs,
} from "../sweep/tiny_sweep.ts";

/** Size of the disk in bytes: holds the journal and result set of eight cells. */
const DISK = 256 * 1024;

/** Runs a test on a disk of its own, which is unmounted afterwards. */
async function onDisk(test: (disk: Disk) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await mount(["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", folder]);
    try {
      await test({
        folder,
        out: `${folder}/out.json`,
        journal: `${folder}/out.journal.jsonl`,
        async leave(bytes) {
          await Deno.remove(`${folder}/ballast`).catch(() => {});
          const used = (await Promise.all(
            [...Deno.readDirSync(folder)].map(({ name }) =>
              Deno.stat(`${folder}/${name}`)
            ),
          )).reduce((sum, { size }) => sum + Math.ceil(size / PAGE) * PAGE, 0);
          if (bytes === undefined) return;
          await Deno.writeFile(
            `${folder}/ballast`,
            new Uint8Array(DISK - used - bytes),
          );
        },
        remount: (how) => mount(["-o", `remount,${how}`, folder]),
      });
    } finally {
      await new Deno.Command("umount", { args: [folder] }).output();
    }
  });
}

/** A tmpfs allocates whole pages of this many bytes. */
const PAGE = 4096;

interface Disk {
  folder: string;
  out: string;
  journal: string;
  /** Fills it except for this many bytes; without a number, removes the filling. */
  leave(bytes?: number): Promise<void>;
  /** Makes it read-only or writable. */
  remount(how: "ro" | "rw"): Promise<void>;
}

async function mount(args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command("mount", { args }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}

const ignore = await (async () => {
  if (Deno.build.os !== "linux") return true;
  try {
    await onDisk(() => Promise.resolve());
    return false;
  } catch (error) {
    console.error(
      `tests of full and read-only disks are ignored, since none can be mounted: ${error}`,
    );
    return true;
  }
})();

/** Asserts that a command was refused with one line, the last it wrote. */
function assertRefused({ code, stderr }: EndedMain, ...parts: string[]): void {
  assertEquals(code, 2, stderr);
  const last = stderr.trimEnd().split("\n").at(-1)!;
  for (const part of parts) assertStringIncludes(last, part);
  assert(!/^ +at /m.test(stderr), stderr);
}

const cellsIn = (journal: string) => journal.split("\n").length - 2;

slowTest(
  "sweep on a full disk names the file, keeps what is recorded, and ends with the same digest once there is room",
  () =>
    onDisk(async ({ out, folder, journal, leave }) => {
      const args = ["sweep", ...study, `--out=${out}`, "--jobs=2"];
      const full = "No space left on device";

      await leave(0);
      const none = await runCommand(args);
      assertRefused(none, `Cannot append to the journal "${journal}"`, full);
      assert(!none.stderr.includes("backend wasm"), "it was refused at once");

      await leave(3 * PAGE);
      assertRefused(
        await runCommand(args),
        `Cannot append to the journal "${journal}"`,
        full,
        "are kept",
      );
      const some = await Deno.readTextFile(journal);
      assert(some.endsWith("\n"), "nothing half written is left");
      assert(cellsIn(some) >= 1 && cellsIn(some) < 8, `${cellsIn(some)} cells`);

      // Enough for all cells, but not for the result set as well.
      await leave(8 * PAGE);
      const late = await runCommand(args);
      assertStringIncludes(late.stderr, `${cellsIn(some)} of 8 cells are done`);
      assertRefused(late, `Cannot write "${out}"`, full);
      const all = await Deno.readTextFile(journal);
      assert(all.startsWith(some));
      assertEquals(cellsIn(all), 8);
      assertEquals(
        [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
        ["ballast", "out.journal.jsonl"],
      );

      await leave();
      const last = await runCommand(args);
      assertEquals(last.code, 0, last.stderr);
      assertStringIncludes(last.stderr, "8 of 8 cells are done");
      assertEquals(
        (await readResultSet(out)).digest,
        (await reference()).digest,
      );
    }),
  { ignore },
);

slowTest(
  "sweep on a full disk leaves the result set of an earlier one whole",
  () =>
    onDisk(async ({ folder, out, journal, leave }) => {
      await sweep(folder, { ...small, jobs: "1" });
      const before = await Deno.readTextFile(out);
      await leave(3 * PAGE);
      const args = ["sweep", ...toArgs({ ...tiny, ...small, out })];
      assertRefused(await runCommand(args), `Cannot write "${out}"`);
      assertEquals(await Deno.readTextFile(out), before);
      assertEquals(cellsIn(await Deno.readTextFile(journal)), 2);
    }),
  { ignore },
);

slowTest(
  "sweep --export-weights on a full disk names the file, and ends without taking cells for failed",
  () =>
    onDisk(({ folder, leave }) =>
      inFolder(async (elsewhere) => {
        await leave(3 * PAGE);
        const out = `${elsewhere}/out.json`;
        const args = [
          "sweep",
          ...toArgs({ ...tiny, ...small, out, jobs: "1" }),
        ];
        assertRefused(
          await runCommand([...args, `--export-weights=${folder}`]),
          `Cannot write "${folder}/`,
          ".safetensors",
          "No space left on device",
        );
        assertEquals(
          [...Deno.readDirSync(elsewhere)].map(({ name }) => name),
          ["out.journal.jsonl"],
        );
      })
    ),
  { ignore },
);

slowTest(
  "sweep refuses a read-only folder before it trains",
  () =>
    onDisk(async ({ folder, out, journal, remount }) => {
      const args = ["sweep", ...toArgs({ ...tiny, ...small, jobs: "1" })];
      const readOnly = "Read-only file system";
      await remount("ro");
      const absent = await runCommand([...args, `--out=${out}`]);
      assertRefused(absent, `Cannot open the journal "${journal}"`, readOnly);
      assertEquals(absent.stderr.trimEnd().split("\n").length, 1);
      const deeper = `${folder}/sub`;
      assertRefused(
        await runCommand([...args, `--out=${deeper}/out.json`]),
        `Cannot make folder "${deeper}"`,
        readOnly,
      );
      await inFolder(async (elsewhere) => {
        const weights = await runCommand([
          ...args,
          `--out=${elsewhere}/out.json`,
          `--export-weights=${folder}`,
        ]);
        assertRefused(weights, folder, readOnly);
        assertEquals(weights.stderr.includes("[1/2]"), false);
      });

      // What an earlier run recorded is as it was.
      await remount("rw");
      await Deno.writeTextFile(journal, "recorded\n");
      await remount("ro");
      assertRefused(
        await runCommand([...args, `--out=${out}`]),
        `Cannot open the journal "${journal}"`,
        readOnly,
      );
      assertEquals(await Deno.readTextFile(journal), "recorded\n");
    }),
  { ignore },
);

Deno.test("sweep refuses an output that is a folder before it trains", () =>
  inFolder(async (folder) => {
    const out = `${folder}/out.json`;
    await Deno.mkdir(out);
    const args = ["sweep", ...toArgs({ ...tiny, ...small, out, jobs: "1" })];
    const ended = await runMain(args);
    assertRefused(ended, `Cannot write "${out}": it is a folder`);
    assertEquals(ended.stderr.includes("backend wasm"), false);
  }));
