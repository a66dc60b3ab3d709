import { assert, assertEquals, assertMatch } from "@std/assert";
import { runMain } from "./run_main.ts";

Deno.test("duplicates lists groups by kind and place", async () => {
  const { code, stdout, stderr } = await runMain(["duplicates"]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^cifar10-mini: 2000 training and 1000 test images/);
  for (const kind of ["exact", "near"]) {
    for (const place of ["train", "test", "across"]) {
      assertMatch(stdout, new RegExp(`^${kind} +${place} +\\d+ +\\d+$`, "m"));
    }
  }
  assertMatch(
    stdout,
    /^group 1: near, train, difference 0\.\d{3}\n {2}train {2}222 {2}horse\n {2}train {2}898 {2}horse +\w/m,
  );
});

Deno.test("duplicates --json gives every group, and what was asked", async () => {
  const { code, stdout } = await runMain([
    "duplicates",
    "--json",
    "--max-difference=0.6",
    "--mirrored",
    "--limit-train=1900",
  ]);
  assertEquals(code, 0);
  const found = JSON.parse(stdout);
  assertEquals(found.dataset, "cifar10-mini");
  assertEquals(found.rows, { train: 1900, test: 1000 });
  assertEquals(found.options, {
    near: true,
    search: "hashes",
    maxDifference: 0.6,
    mirrored: true,
  });
  assertEquals(found.exact, []);
  assert(found.near.length > 5, "a loose limit has more groups");
  for (const { difference, images } of found.near) {
    assert(difference <= 0.6 && images.length >= 2);
  }
});

Deno.test("duplicates --no-near --show 0 counts exact groups alone", async () => {
  const { code, stdout } = await runMain([
    "duplicates",
    "--no-near",
    "--show=0",
  ]);
  assertEquals(code, 0);
  assert(!stdout.includes("near"));
});

Deno.test("duplicates refuses what only near duplicates have where they are not looked for, and conflicts without keep", async () => {
  for (
    const [word, message] of [
      [
        "--search=features",
        "--search must be hashes if near duplicates are not searched for, got features",
      ],
      [
        "--mirrored",
        "--mirrored must be off if near duplicates are not searched for",
      ],
      [
        "--max-difference=0.1",
        "--max-difference must be left out if near duplicates are not searched for",
      ],
      [
        "--conflicts=remove",
        "--conflicts needs --keep, without which nothing is removed, got remove",
      ],
    ] as const
  ) {
    const { code, stdout, stderr } = await runMain([
      "duplicates",
      "--dataset=cifar10-mini",
      "--no-near",
      word,
    ]);
    assertEquals([code, stdout, stderr], [2, "", `${message}\n`]);
  }
});

Deno.test("duplicates answers a wrong option with one line and exit code 2", async () => {
  const { code, stderr } = await runMain([
    "duplicates",
    "--max-difference=2",
  ]);
  assertEquals(code, 2);
  assertMatch(stderr, /^--max-difference must be at most 1, got 2\n$/);
});
