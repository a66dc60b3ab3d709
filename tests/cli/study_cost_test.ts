import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { approveCost, formatCost } from "../../src/cli/study_cost.ts";
import { UsageError } from "../../src/core/errors.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { inFolder, small, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import { runMain } from "./run_main.ts";

const estimate = { hours: 5339.6, cells: 890, backend: "wasm" } as const;
const { signal } = new AbortController();

Deno.test("formatCost() says core-hours, and on a GPU hours of one job", () => {
  const cost = (hours: number) => formatCost({ hours, backend: "wasm" });
  assertEquals(
    [0.01, 0.32, 9.94, 11.6, 5339.6].map(cost),
    [
      "0.1 core-hours",
      "0.3 core-hours",
      "9.9 core-hours",
      "12 core-hours",
      "5,340 core-hours",
    ],
  );
  assertEquals(
    formatCost({ hours: 2, backend: "webgpu" }),
    "2.0 hours of one job",
  );
});

Deno.test("approveCost() lets a cheap sweep start, and a costly one with --allow-long, without a question", async () => {
  const ask = () => Promise.reject(new Error("asked"));
  await approveCost({ ...estimate, hours: 12 }, {
    allowLong: false,
    signal,
    ask,
  });
  await approveCost(estimate, { allowLong: true, signal, ask });
});

Deno.test("approveCost() asks on a terminal, and starts on y only", async () => {
  const questions: string[] = [];
  const answer = (text: string) =>
    approveCost(estimate, {
      allowLong: false,
      signal,
      ask(question) {
        questions.push(question);
        return Promise.resolve(text);
      },
    });
  for (const yes of ["y\n", "Y\n", " yes \n"]) await answer(yes);
  for (const no of ["", "\n", "n\n", "maybe y\n"]) {
    await assertRejects(() => answer(no), UsageError, "Not started: 890 cells");
  }
  assertEquals(
    new Set(questions),
    new Set([
      "890 cells need up to 5,340 core-hours on this machine, more than 12. Start? [y/N] ",
    ]),
  );
});

Deno.test("approveCost() without a terminal states the hours and the flag", async () => {
  await assertRejects(
    () => approveCost(estimate, { allowLong: false, signal, ask: undefined }),
    UsageError,
    "890 cells need up to 5,340 core-hours on this machine, more than 12: use --allow-long to start it",
  );
});

Deno.test("wasm: sweep beyond the limit ends with exit code 2, one line and no file; the same output then takes another study", async () => {
  await inFolder(async (folder) => {
    const call = (flags: Record<string, string>) =>
      runMain(
        ["sweep", "--quiet", ...toArgs({ ...tiny, ...small, ...flags })],
        folder,
      );
    const out = `${folder}/out.json`;
    // Beyond the limit on any machine: 4e16 multiply-adds.
    const refused = await call({
      out,
      model: "resnet-20",
      epochs: "90000",
      "limit-train": "2000",
    });
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertMatch(
      refused.stderr,
      /^2 cells need up to [\d,]+ core-hours on this machine, more than 12: use --allow-long to start it\n$/,
    );
    assertEquals([...Deno.readDirSync(folder)], []);
    const { code, stderr } = await call({ out, jobs: "1" });
    assertEquals([code, stderr], [0, ""]);
  });
});

Deno.test("wasm: sweep states the cost of what is not trivial before it starts", async () => {
  await inFolder(async (folder) => {
    const { code, stderr } = await runMain([
      "sweep",
      ...toArgs({
        ...tiny,
        ...small,
        // Much by estimate and little in fact: the attack gives up early.
        epochs: "1",
        attacks: "apgd-ce-500",
        jobs: "1",
        out: `${folder}/out.json`,
      }),
    ]);
    assertEquals(code, 0, stderr);
    assertMatch(
      stderr.split("\n")[0]!,
      /^cost: up to 0\.1 core-hours for 2 cells on this machine \(measured on wasm; /,
    );
  });
});

Deno.test("studies states the cost of each study, unless asked not to; --json is the same each time", async () => {
  const names = Object.keys(namedStudies);
  const estimated = await runMain(["studies"]);
  assertEquals(estimated.code, 0);
  const costs = [
    ...estimated.stdout.matchAll(
      /^(\S+): .*; up to ([\d.,]+) (?:core-hours|hours of one job) on this machine$/gm,
    ),
  ];
  assertEquals(costs.map(([, name]) => name), names);
  const hours = new Map(
    costs.map(([, name, text]) => [name, Number(text!.replaceAll(",", ""))]),
  );
  assert(hours.get("corrected-adversarial")! > 100 * hours.get("quick")!);

  const plain = await runMain(["studies", "--no-estimate"]);
  assertStringIncludes(plain.stdout, "quick: 12 cells on cifar10-mini\n");
  const json = await runMain(["studies", "--json"]);
  assertEquals(await runMain(["studies", "--json"]), json);
  const listed = JSON.parse(json.stdout);
  assertEquals(listed.slice(0, names.length), Object.values(namedStudies));
});
