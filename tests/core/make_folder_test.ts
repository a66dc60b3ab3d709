import { assertEquals, assertRejects } from "@std/assert";
import { makeFolder, requireFolders } from "../../src/core/make_folder.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";

Deno.test("makeFolder() makes a folder with those above it, and leaves one that is there", () =>
  inFolder(async (folder) => {
    await requireFolders(`${folder}/a/b`);
    assertEquals([...Deno.readDirSync(folder)], []);
    await makeFolder(`${folder}/a/b`);
    await Deno.writeTextFile(`${folder}/a/b/mine`, "mine");
    await Deno.symlink("a", `${folder}/link`);
    await makeFolder(`${folder}/link/b`);
    assertEquals(await Deno.readTextFile(`${folder}/a/b/mine`), "mine");
  }));

Deno.test("makeFolder() names what on the path is not a folder", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink("nowhere", `${folder}/lost`);
    for (const name of ["file", "lost"]) {
      for (const path of [name, `${name}/x/y`]) {
        for (const act of [makeFolder, requireFolders]) {
          await assertRejects(
            () => act(`${folder}/${path}`),
            Error,
            `"${folder}/${name}" is not a folder`,
          );
        }
      }
    }
  }));
