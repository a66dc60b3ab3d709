import { assert, assertEquals, assertMatch } from "@std/assert";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";

const inPhotos = (test: (folder: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await writeFiles(
      `${folder}/photos`,
      Object.fromEntries(
        [1, 2, 3, 4].map((i) => [`cat/${i}.png`, png(photo(i))]),
      ),
    );
    await test(folder);
  });

const kept = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("data keeps decoded images where --cache says or in the user's cache folder, and removes them by --clear-cache", () =>
  inPhotos(async (folder) => {
    const env = { XDG_CACHE_HOME: `${folder}/xdg`, HOME: "/absent" };
    const data = async (...words: string[]) => {
      const ended = await runMain(["data", ...words], folder, { env });
      assertEquals([ended.code, ended.stderr], [0, ""]);
      return ended.stdout.replace(/loaded in .*/, "");
    };
    const first = await data("photos");
    assertEquals(kept(`${folder}/xdg/dupbench`).length, 1);
    assertEquals(await data("photos"), first);
    await data("photos", "--cache=own");
    assertEquals(kept(`${folder}/own`).length, 1);
    assertMatch(
      await data("--clear-cache", "--cache=own"),
      /^removed 1 file of 0\.0 MB from "own"\n$/,
    );
    assertEquals(kept(`${folder}/own`), []);
    assertEquals(kept(`${folder}/xdg/dupbench`).length, 1);
    assertMatch(
      await data("--clear-cache"),
      /^removed 1 file .*"xdg\/dupbench"/,
    );
    await data("photos", "--cache=off");
    assertEquals(kept(`${folder}/xdg/dupbench`), []);
    assertEquals(
      await data("--clear-cache", "--cache=off"),
      "no decoded images are kept\n",
    );
  }));

Deno.test("data says on a terminal how many images are loaded, and how fast", () =>
  inPhotos(async (folder) => {
    let drawn = "";
    const decoder = new TextDecoder();
    const terminal = new WritableStream<Uint8Array>({
      write: (bytes) => void (drawn += decoder.decode(bytes)),
    });
    const { code, stderr } = await runMain(["data", "photos"], folder, {
      terminal,
    });
    assertEquals([code, stderr], [0, ""]);
    assertMatch(drawn, /\d of 4 images, [\d,]+\/s/);
    // The line is erased before anything is printed.
    assert(drawn.endsWith("\r\x1b[K"), JSON.stringify(drawn.slice(-20)));
  }));
