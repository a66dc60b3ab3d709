import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { readComparable } from "../../src/compare/read_comparable.ts";
import { UsageError } from "../../src/core/errors.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, resultSet } from "./_sets.ts";

async function read(text: string) {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, text);
    return await readComparable(path);
  } finally {
    await Deno.remove(path);
  }
}

async function refusal(value: unknown): Promise<string> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const { message } = await assertRejects(() => read(text), UsageError);
  assertMatch(message, /^Cannot read .*\.json"[^\n]*$/);
  return message;
}

const set = resultSet([cell()]);
const benches = benchFile([bench()]);

Deno.test("readComparable() tells result sets from outputs of deno bench", async () => {
  const found = await read(JSON.stringify(set));
  assertEquals(found.kind === "result set" && found.set, set);
  const other = await read(JSON.stringify({ ...benches, added: "by Deno" }));
  assertEquals(other.kind === "deno bench file" && other.bench, benches);
});

Deno.test("readComparable() refuses files that are absent, cut off or something else, in one line", async () => {
  const whole = JSON.stringify(set, null, 2);
  await assertRejects(() => readComparable("absent.json"), UsageError);
  await refusal("");
  await refusal(whole.slice(0, whole.length / 2));
  await refusal(whole.slice(0, -2) + "\n,\n}");
  for (const other of [null, 3, [], {}, "text"]) {
    await refusal(JSON.stringify(other));
  }
  assertStringIncludes(
    await refusal({ name: "a package" }),
    "neither a result set nor",
  );
});

Deno.test("readComparable() refuses a result set whose outcome was changed, but not one whose times were", async () => {
  const [one] = structuredClone(set.cells);
  if (one?.status !== "finished") throw new Error("the cell is finished");
  one.timing.epochs[1]!.totalMs *= 2;
  await read(JSON.stringify({ ...set, cells: [one] }));
  one.outcome.test!.clean.correct++;
  assertStringIncludes(
    await refusal({ ...set, cells: [one] }),
    "its digest does not match its content",
  );
});

Deno.test("readComparable() names the field of a bench file that is wrong", async () => {
  const ok = bench().results[0]!;
  const withStats = (change: object) => ({
    ...benches,
    benches: [{
      ...bench(),
      results: [{ ok: { ...("ok" in ok ? ok.ok : {}), ...change } }],
    }],
  });
  assertStringIncludes(await refusal({ ...benches, version: 2 }), '"version"');
  assertStringIncludes(await refusal({ ...benches, benches: [] }), '"benches"');
  for (const change of [{ avg: -1 }, { avg: "fast" }, { min: 1e9 }, { n: 0 }]) {
    assertStringIncludes(
      await refusal(withStats(change)),
      '"benches.0.results',
    );
  }
});
