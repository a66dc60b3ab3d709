import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import {
  parseResultJson,
  readResultFile,
  readResultSet,
  toResultSet,
} from "../../src/results/read_result_set.ts";
import { digestResultSet } from "../../src/results/result_set.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { frozenPath } from "../verify/_frozen.ts";

const text = await Deno.readTextFile(frozenPath);

/** How a file of this content is refused; the path is left out. */
async function refusal(content: string): Promise<string> {
  let message = "";
  await inFolder(async (folder) => {
    const path = `${folder}/set.json`;
    await Deno.writeTextFile(path, content);
    const error = await assertRejects(() => readResultSet(path), UsageError);
    message = error.message.replace(
      `Cannot read the result set "${path}": `,
      "",
    );
  });
  return message;
}

Deno.test("readResultSet() reads the frozen set of version 1, whose digest is still that of its content", async () => {
  const set = await readResultSet(frozenPath);
  assertEquals(set.schema, "dupbench/result-set/1");
  assertEquals(
    set.digest,
    "e6c2d069d0a9553cd0a1aab3ddc2d1056d03479d37a9e5b1578f6fb0f5cb91c3",
  );
  assertEquals(digestResultSet(set), set.digest);
  const { bytes } = await readResultFile(frozenPath);
  assertEquals(new TextDecoder().decode(bytes), text);
});

Deno.test("readResultSet() reads every result set that is published here, with the digest it has", async () => {
  const folder = fromFileUrl(new URL("../../results/", import.meta.url));
  let read = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (!/^(quick|bench-wasm|published-.*[0-9a-f]{8})\.json$/.test(name)) {
      continue;
    }
    const set = await readResultSet(`${folder}${name}`);
    assertEquals(digestResultSet(set), set.digest, name);
    read++;
  }
  assertEquals(read, 4);
});

Deno.test("readResultSet() says where a file is cut off", async () => {
  // Every end of its head, which has all that JSON has; then a few far on.
  const whole = text.trimEnd();
  const ends = [
    ...Array.from({ length: 800 }, (_, i) => i + 1),
    ...[0.1, 0.5, 0.9].map((share) => Math.floor(share * whole.length)),
    whole.length - 1,
  ];
  for (const end of ends) {
    assertThrows(
      () => parseResultJson(whole.slice(0, end)),
      UsageError,
      `it is cut off after ${end} characters`,
    );
  }
  assertMatch(
    await refusal(whole.slice(0, 5000)),
    /^it is cut off after 5000 characters$/,
  );
  assertEquals(await refusal(" \n"), "it is empty");
});

Deno.test("readResultSet() says that a file is not JSON where nothing is cut off", async () => {
  for (const content of ["{]}", "no", '{"a":1}}', '{"a" 1}']) {
    assertMatch(await refusal(content), /^it is not JSON: /);
  }
});

Deno.test("readResultSet() names a wrong schema version, and the one it knows", async () => {
  const of = (schema: unknown) =>
    refusal(JSON.stringify({ ...JSON.parse(text), schema }));
  for (const version of ["0", "2", "1.5", "x"]) {
    assertEquals(
      await of(`dupbench/result-set/${version}`),
      `its schema version must be one that this dupbench knows (1), got "dupbench/result-set/${version}"`,
    );
  }
  assertEquals(
    await of("dupbench/gaussian/1"),
    'it is not a result set: "schema" must be "dupbench/result-set/1", got "dupbench/gaussian/1"',
  );
  assertMatch(await of("dupbench/result-set/1e0"), /^"schema": /);
  assertMatch(await of(undefined), /got none$/);
});

Deno.test("toResultSet() names the first invalid field", () => {
  // deno-lint-ignore no-explicit-any
  const fault = (edit: (set: any) => void) => {
    const set = JSON.parse(text);
    edit(set);
    return assertThrows(() => toResultSet(set), UsageError).message;
  };
  assertMatch(
    fault(({ cells }) => cells[1].outcome.epochs[0].loss = "low"),
    /^"cells\.1\.outcome\.epochs\.0\.loss": /,
  );
  assertMatch(fault((set) => set.digest = "0"), /^"digest": /);
  assertMatch(fault((set) => set.more = 1), /more/);
});

Deno.test("readResultSet() says in one line that a file is absent, or a folder", async () => {
  await inFolder(async (folder) => {
    for (const path of [`${folder}/none.json`, folder]) {
      const { message } = await assertRejects(
        () => readResultSet(path),
        UsageError,
      );
      assertMatch(message, /^Cannot read the result set ".*": [^\n]+$/);
    }
  });
});
