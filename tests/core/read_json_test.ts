import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  formatJson,
  parseJson,
  readTextBytes,
  textLimitBytes,
} from "../../src/core/read_json.ts";
import { slowTest } from "../slow.ts";
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
    for (const source of [text, new TextEncoder().encode(text)]) {
      assertThrows(() => parseJson(source), Error, message);
    }
  });
}

Deno.test("parseJson() refuses bytes that are not UTF-8, and takes a byte order mark", () => {
  const latin1 = new Uint8Array([
    0x7b,
    0x22,
    0x61,
    0x22,
    0x3a,
    0x22,
    0xe9,
    0x22,
    0x7d,
  ]);
  const utf16 = new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]);
  for (const bytes of [latin1, utf16]) {
    assertThrows(
      () => parseJson(bytes),
      SyntaxError,
      "it is not text in UTF-8",
    );
  }
  assertEquals(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])), {});
});

Deno.test("parseJson() counts entries and values before it makes them, and none that are in strings", () => {
  const entries = (count: number) => `[${"0,".repeat(count - 1)}0]`;
  assertEquals((parseJson(entries(100_000)) as number[]).length, 100_000);
  assertThrows(
    () => parseJson(entries(100_001)),
    RangeError,
    "it has more than 100,000 entries in one list or object",
  );
  // What follows is no JSON, which the parser never sees.
  const lists = `[${"[],".repeat(99_999)}[]],`;
  assertThrows(
    () => parseJson(`[${lists.repeat(41)}`),
    RangeError,
    "it has more than 4,000,000 lists and objects",
  );
  const numbers = `${entries(100_000)},`;
  assertThrows(
    () => parseJson(`[${numbers.repeat(201)}`),
    RangeError,
    "it has more than 20,000,000 values",
  );
  const text = JSON.stringify(["\\", '"[[,,{', `${"[,".repeat(200_000)}é"`]);
  assertEquals(parseJson(text), JSON.parse(text));
});

Deno.test("readTextBytes() refuses a folder, a file over the limit and what is absent", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/x`;
    await Deno.writeTextFile(path, "ä\n");
    assertEquals(new TextDecoder().decode(await readTextBytes(path)), "ä\n");
    await Deno.truncate(path, textLimitBytes + 1);
    await assertRejects(
      () => readTextBytes(path),
      Error,
      `it must have at most ${textLimitBytes} bytes, got ${textLimitBytes + 1}`,
    );
    await assertRejects(() => readTextBytes(dir), Error, "it is a folder");
    await assertRejects(() => readTextBytes(`${dir}/y`), Error, "ENOENT");
  }));

Deno.test({
  name: "readTextBytes() refuses a device and a pipe, which have no end",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (dir) => {
      const pipe = `${dir}/pipe`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      // Links, as Deno does not read below /dev without being asked.
      await Deno.symlink("/dev/zero", `${dir}/zero`);
      for (const path of [pipe, `${dir}/zero`]) {
        await assertRejects(() => readTextBytes(path), Error, "device or pipe");
      }
    }),
});

Deno.test("formatJson() indents what can be read again, unless it is large, and refuses the rest", () => {
  assertEquals(formatJson({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}\n');
  assertEquals(formatJson({ a: [1] }, { isLarge: true }), '{"a":[1]}\n');
  for (const isLarge of [false, true]) {
    assertThrows(
      () => formatJson([Array(100_001).fill(0)], { isLarge }),
      RangeError,
      "it has more than 100,000 entries in one list or object",
    );
  }
});

slowTest(
  "formatJson() leaves out an indentation that would make a text too large, and refuses 270 MB",
  () => {
    // Lists within each other, whose indentation is most of their text.
    let value: unknown = Array(24).fill(Array(90_000).fill(0));
    for (let i = 0; i < 60; i++) value = [value];
    const text = formatJson(value);
    assertEquals(text.includes(" "), false);
    assertEquals(JSON.stringify(parseJson(text)) + "\n", text);
    assertThrows(
      () => formatJson(Array(270).fill("x".repeat(1e6)), { isLarge: true }),
      RangeError,
      "it has more than 268,435,456 bytes",
    );
  },
);
