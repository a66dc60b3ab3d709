import { assert, assertEquals, assertMatch } from "@std/assert";
import { runMain } from "./run_main.ts";

for (const job of ["train", "pgd10"]) {
  Deno.test(`step-time --job ${job} --json prints one line with median_ms, runs and images_per_s`, async () => {
    const { code, stdout } = await runMain([
      "step-time",
      "--backend=wasm",
      "--model=published-adversarial",
      "--batch=8",
      `--job=${job}`,
      "--runs=3",
      "--warmup=1",
      "--json",
    ]);
    assertEquals(code, 0);
    assertEquals(stdout.trim().split("\n").length, 1);
    const { median_ms, min_ms, max_ms, runs, jobs_per_run, images_per_s } = JSON
      .parse(
        stdout,
      );
    assertEquals([runs, jobs_per_run], [3, 1]);
    assert(min_ms <= median_ms && median_ms <= max_ms);
    assert(Math.abs(images_per_s / (8 / median_ms * 1000) - 1) < 0.01);
  });
}

Deno.test("backends prints every backend and what auto picks", async () => {
  const { code, stdout } = await runMain(["backends"]);
  assertEquals(code, 0);
  for (const name of ["webgpu", "wasm", "cpu"]) {
    assertMatch(stdout, new RegExp(`^${name} +(yes|no) `, "m"));
  }
  assertMatch(stdout, /^auto picks (webgpu|wasm): /m);
});

Deno.test("data describes the embedded data set", async () => {
  const { code, stdout } = await runMain(["data", "--json"]);
  assertEquals(code, 0);
  const { trainPerClass, testPerClass, sha256 } = JSON.parse(stdout);
  assertEquals(trainPerClass, Array(10).fill(200));
  assertEquals(testPerClass, Array(10).fill(100));
  assertMatch(sha256, /^[0-9a-f]{64}$/);
});

Deno.test("help and --version succeed; no command and an unknown one exit with 2", async () => {
  const codes = [];
  for (
    const args of [["--help"], ["--version"], ["sweep", "--help"], [], ["swep"]]
  ) {
    codes.push((await runMain(args)).code);
  }
  assertEquals(codes, [0, 0, 0, 2, 2]);
});

Deno.test("help COMMAND and COMMAND -h say the same, with examples", async () => {
  const [help, short] = [
    await runMain(["help", "merge"]),
    await runMain(["merge", "-h"]),
  ];
  assertEquals([help.code, short.code], [0, 0]);
  assertEquals(help.stdout, short.stdout);
  assertMatch(help.stdout, /^Examples:\n {2}deno task merge \S/m);
});

Deno.test("an unknown command is answered with the one it looks like", async () => {
  const { code, stdout, stderr } = await runMain(["swep"]);
  assertEquals([code, stdout], [2, ""]);
  assertEquals(stderr.trim(), 'Unknown command "swep": did you mean "sweep"?');
});

Deno.test("step-time takes a network of the user's own, and refuses what is none, in one line", async () => {
  const args = ["--backend=wasm", "--batch=2", "--runs=1", "--warmup=0"];
  const run = (model: string) =>
    runMain(["step-time", `--model=${model}`, ...args]);
  const own = await run("docs/networks/tiny-resnet.json");
  assertEquals(own.code, 0, own.stderr);
  assertMatch(own.stdout, /^wasm tiny-resnet-[0-9a-f]{8} batch 2 train/);
  const unknown = await run("resnet-21");
  assertEquals(unknown.code, 2);
  assertMatch(
    unknown.stderr,
    /^--model must be one of .*, or a file that ends in \.json, got "resnet-21"\n$/,
  );
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, '{"layers":[{"type":"dense"}]}');
    const { code, stderr } = await run(path);
    assertEquals(code, 2);
    assertMatch(
      stderr,
      /layer 1 \(dense\) needs a vector, got images of shape \[32, 32, 3\].*\n$/,
    );
    assertEquals(stderr.trim().split("\n").length, 1);
  } finally {
    await Deno.remove(path);
  }
});
