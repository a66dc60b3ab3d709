import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  parseJson,
  readText,
  textLimitBytes,
} from "../../src/core/read_json.ts";
import { inTempDir } from "../data/_files.ts";

Deno.test("parseJson() gives what JSON.parse() gives", () => {
  const text = '{"a":[1,"x\\ud83d\\ude00",null,true,{"b":-0.5}],"":{}}';
  assertEquals(parseJson(text), JSON.parse(text));
  const deep = "[".repeat(64) + "1" + "]".repeat(64);
  assertEquals(parseJson(deep), JSON.parse(deep));
});

const refused: [name: string, text: string, message: string][] = [
  ["65 levels", "[".repeat(65) + "1" + "]".repeat(65), "more than 64 levels"],
  [
    "a million levels",
    '{"a":'.repeat(1e6) + "1" + "}".repeat(1e6),
    "more than 64 levels",
  ],
  ["half a surrogate pair", '["\\ud800"]', "not Unicode text"],
  ["half a surrogate pair in a key", '{"\\udc00":1}', "not Unicode text"],
  ["text cut short", '{"a":', "JSON"],
];
for (const [name, text, message] of refused) {
  Deno.test(`parseJson() refuses ${name}`, () => {
    assertThrows(() => parseJson(text), SyntaxError, message);
  });
}

Deno.test("readText() refuses a folder, a file over the limit and what is absent", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/x`;
    await Deno.writeTextFile(path, "ä\n");
    assertEquals(await readText(path), "ä\n");
    await Deno.truncate(path, textLimitBytes + 1);
    await assertRejects(
      () => readText(path),
      Error,
      `it must have at most ${textLimitBytes} bytes, got ${textLimitBytes + 1}`,
    );
    await assertRejects(() => readText(dir), Error, "it is a folder");
    await assertRejects(() => readText(`${dir}/y`), Deno.errors.NotFound);
  }));

Deno.test({
  name: "readText() refuses a device and a pipe, which have no end",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (dir) => {
      const pipe = `${dir}/pipe`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      // Links, as Deno does not read below /dev without being asked.
      await Deno.symlink("/dev/zero", `${dir}/zero`);
      for (const path of [pipe, `${dir}/zero`]) {
        await assertRejects(() => readText(path), Error, "device or pipe");
      }
    }),
});
