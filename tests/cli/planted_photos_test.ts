import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";

const script = fromFileUrl(
  new URL("../../fixtures/planted_photos.ts", import.meta.url),
);
const lock = fromFileUrl(new URL("../../deno.lock", import.meta.url));

Deno.test("deno task photos refuses a file in place of its folder, and a folder with photographs, in one line, and writes nothing", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/taken`, "mine");
    await Deno.mkdir(`${folder}/mine/photos/train`, { recursive: true });
    for (
      const [name, line] of [
        [
          "taken",
          /^Cannot make photographs in "taken": ".*\/taken" is not a folder\n$/,
        ],
        [
          "taken/x",
          /^Cannot make photographs in "taken\/x": ".*\/taken" is not a folder\n$/,
        ],
        [
          "mine",
          /^Cannot make photographs in "mine": "photos" is there already; name another folder\n$/,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-check",
          `--lock=${lock}`,
          "--no-prompt",
          "--allow-read",
          "--allow-env",
          "--allow-sys",
          "--allow-ffi",
          `--allow-write=${folder}`,
          script,
          "-C",
          folder,
          name,
        ],
      }).output();
      const text = new TextDecoder();
      assertEquals([code, text.decode(stdout)], [2, ""]);
      assertMatch(text.decode(stderr), line);
    }
    assertEquals(await Deno.readTextFile(`${folder}/taken`), "mine");
    assertEquals([...Deno.readDirSync(`${folder}/mine/photos`)].length, 1);
  }));
