import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { UsageError } from "../../src/core/errors.ts";
import {
  parseResultJson,
  readResultFile,
  readResultSet,
  toResultSet,
} from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type FinishedCell,
} from "../../src/results/result_set.ts";
import { version } from "../../src/results/versions.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { frozenPath, frozenQuickPath } from "../verify/_frozen.ts";

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

Deno.test("readResultSet() reads quick as 0.2.0 recorded it, with its digest, and analyse() has its slopes", async () => {
  const set = await readResultSet(frozenQuickPath);
  assertEquals(
    set.digest,
    "e2a0983a0d0f1ba3bb818d19063e2d6f9e032d428d9f4c371924b25f14828c94",
  );
  assertEquals(digestResultSet(set), set.digest);
  // The least-squares slope over ratios 0, 0.5 and 1 is the difference of the
  // ends: accuracies of 1,000 images, in points.
  const cleanAt = (seed: number, ratio: number) => {
    const [cell] = set.cells.filter(({ config }) =>
      config.seed === seed && config.training.name === "standard" &&
      config.duplication.ratio === ratio &&
      (ratio === 0 || config.duplication.policy === "class-biased")
    ) as FinishedCell[];
    return cell!.outcome.test!.clean.correct / 10;
  };
  const slopes = [1, 2].map((seed) => cleanAt(seed, 1) - cleanAt(seed, 0));
  const uneven = analyse([set]).claims[1]!;
  assertEquals(uneven.test!.mean.toFixed(9), mean(slopes).toFixed(9));
  assertEquals(uneven.test!.mean.toFixed(2), "-5.90");
});

const mean = (values: number[]) =>
  values.reduce((a, b) => a + b) / values.length;

Deno.test("readResultSet() reads every result set that is or was published here, with the digest it has", async () => {
  const read: string[] = [];
  for (const folder of ["../../results/", "../../fixtures/sets/"]) {
    const path = fromFileUrl(new URL(folder, import.meta.url));
    for await (const { name } of Deno.readDir(path)) {
      if (!name.endsWith(".json") || name.endsWith("-analysis.json")) continue;
      // The study of points in the plane has a form of its own.
      if (name === "gaussian.json") continue;
      const set = await readResultSet(`${path}${name}`);
      assertEquals(digestResultSet(set), set.digest, name);
      read.push(name);
    }
  }
  for (
    const name of [
      "protocol-standard.json",
      "protocol-adversarial.json",
      "quick.json",
      "corrected-standard-67934a9c.json",
    ]
  ) assert(read.includes(name), name);
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
  for (const version of ["0", "1.5", "x"]) {
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

Deno.test("readResultSet() says that a newer dupbench wrote a file that it cannot read", async () => {
  const set = JSON.parse(text);
  assertEquals(
    await refusal(JSON.stringify({ ...set, schema: "dupbench/result-set/10" })),
    `it was written by a newer dupbench: its "schema" is "dupbench/result-set/10", and dupbench ${version} reads "dupbench/result-set/1" at most`,
  );
  const writtenBy = (dupbench: string) =>
    refusal(JSON.stringify({
      ...set,
      provenance: { ...set.provenance, dupbench },
      later: 1,
    }));
  assertEquals(
    await writtenBy("1000.0.0"),
    `"": Unrecognized key: "later"; it was written by dupbench 1000.0.0, which is newer than this one, ${version}`,
  );
  for (const other of ["0.0.9", version, "x", ""]) {
    assertEquals(await writtenBy(other), '"": Unrecognized key: "later"');
  }
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
