import { assert, assertEquals, assertMatch } from "@std/assert";
import { markdownText, terminalText } from "../../src/core/clean_text.ts";
import { csvText } from "../../src/core/csv.ts";
import { probeBackends } from "../../src/backend/probe_backends.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { writeFileAtomically } from "../../src/results/write_file.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { measure } from "./_measured.ts";
import { type EndedMain, runMain } from "./run_main.ts";

const cases = fromFileUrl(new URL("../../fixtures/hostile/", import.meta.url));
const root = fromFileUrl(new URL("../../", import.meta.url));

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A set of the cases, edited and sealed again. */
async function forge(
  path: string,
  edit: (set: ResultSet) => void,
  name = "cmd-eval",
): Promise<void> {
  const set = await readResultSet(`${cases}${name}.json`);
  edit(set);
  set.digest = digestResultSet(set);
  await Deno.writeTextFile(path, JSON.stringify(set));
}

/** Most that a command may cost on such a file, the engine's start included. */
const limits = { cpuSeconds: 3, bytes: 2 ** 30 };

/** Runs a command that must end without a stack trace. */
async function run(args: string[], folder: string): Promise<EndedMain> {
  const ended = await runMain(args, folder);
  requireClean(ended);
  return ended;
}

/** Requires that nothing but text was printed, and of a refusal one line. */
function requireClean(ended: EndedMain): void {
  const printed = ended.stdout + ended.stderr;
  assert(!/^\s+at .*\.ts:\d+/m.test(printed), printed);
  // deno-lint-ignore no-control-regex
  assert(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(printed), printed);
  if (ended.code === 2) {
    assertEquals(ended.stderr.trim().split("\n").length, 1, ended.stderr);
  }
}

/** Exit codes of `verify`, then of `report`, `analyse` and `export`. */
const expected: Record<string, [verify: number, read: number]> = {
  "adapter-null": [0, 0],
  "attack-clean": [1, 2],
  "attack-formula": [1, 2],
  "attack-md": [1, 2],
  "bits-wrong": [1, 2],
  "cells-twice": [1, 2],
  "cmd-eval": [0, 0],
  "cmd-tick": [0, 0],
  "desc-md": [1, 0],
  "flag-where": [0, 0],
  "g-cost": [2, 2],
  "g-points": [2, 2],
  "prov-ansi": [0, 0],
  "r-epochs": [1, 2],
  "r-steps": [1, 2],
  "timing-zero": [0, 0],
  "v-attacks": [2, 0],
  "v-epochs": [2, 0],
  "v-shard100k": [2, 0],
};

Deno.test("commands name the cell whose times were edited, which no digest covers", () =>
  inFolder(async (folder) => {
    const path = `${folder}/times.json`;
    await forge(path, ({ cells: [cell] }) => {
      assert(cell?.status === "finished");
      cell.timing.epochs = [];
    });
    for (const command of ["analyse", "report", "export"]) {
      const more = command === "export" ? ["--format=csv"] : [];
      const { code, stderr } = await run([command, path, ...more], folder);
      assertEquals(code, 2);
      assertMatch(
        stderr,
        /^"times\.json" is inconsistent: cell \w{16}: timing\.epochs: expected \d+, got 0 in the file\n$/,
      );
    }
    const { code, stdout } = await run(["verify", path, "--cells=0"], folder);
    assertEquals(code, 1);
    assertMatch(stdout, /: timing\.epochs: expected \d+, got 0 in the file\n$/);
  }));

Deno.test("every hostile case has an expected answer", () => {
  const names = [...Deno.readDirSync(cases)].map(({ name }) => name)
    .filter((name) => name.endsWith(".json")).sort();
  assertEquals(names, Object.keys(expected).map((name) => `${name}.json`));
});

/** Every command that reads result sets, on one file. */
function commandsOn(file: string, cells: string): string[][] {
  return [
    ["verify", file, "--cells", cells, "--jobs", "1"],
    ["report", file, "-o", "report", "--no-examples"],
    ["analyse", file, "-o", "analysis"],
    ["export", file, "--format", "csv", "-o", "set.csv"],
    ["export", file, "--format", "parquet", "-o", "set.parquet"],
    ["export", file, "--format", "ro-crate", "-o", "set.zip"],
    ["compare", file, file, "-o", "c"],
    ["merge", file, "-o", "m.json"],
    ["sweep", "--study", file, "-o", "s.json"],
  ];
}

function checkCode(name: string, command: string, code: number): void {
  const [verify, read] = expected[name]!;
  switch (command) {
    case "verify":
      return assertEquals(code, verify);
    case "sweep":
      return assertEquals(code, 2, "a result set is no study");
    case "compare":
    case "merge":
      return assert([0, 2].includes(code), command);
    default: {
      const isShard = name === "v-shard100k" && command === "analyse";
      assertEquals(code, isShard ? 2 : read, command);
    }
  }
}

for (const [name, [verify]] of Object.entries(expected)) {
  // Cells of sound sets are run again in other tests.
  const commands = commandsOn(`${cases}${name}.json`, verify === 0 ? "0" : "2");

  Deno.test(`${name}: every command answers in one line, or reads it without harm`, () =>
    inFolder(async (folder) => {
      for (const args of commands) {
        checkCode(name, args[0]!, (await run(args, folder)).code);
      }
    }));

  slowTest(
    `${name}: every command takes at most ${limits.cpuSeconds} s of processor time and 1 GiB`,
    () =>
      inFolder(async (folder) => {
        const ended = await measure(commands, folder);
        assertEquals(ended.length, commands.length);
        ended.forEach((one, i) => {
          const [command] = commands[i]!;
          checkCode(name, command!, one.code);
          requireClean(one);
          assert(one.cpu < limits.cpuSeconds, `${command}: ${one.cpu} s`);
          assert(one.bytes < limits.bytes, `${command}: ${one.bytes} bytes`);
        });
      }),
  );
}

Deno.test("verify and report refuse long work in one line, whatever time the file claims", () =>
  inFolder(async (folder) => {
    for (const name of ["v-epochs", "v-attacks", "v-shard100k"]) {
      const { stderr } = await run(["verify", `${cases}${name}.json`], folder);
      assertMatch(
        stderr,
        /would take about [\d,]+ (minutes|hours|days|years), more than 10 minutes: start it with --allow-long\n$/,
      );
    }
    const file = `${cases}v-epochs.json`;
    const asked = await run(["report", file, "-o", "r", "--examples"], folder);
    assertEquals(asked.code, 2);
    assertMatch(asked.stderr, /--allow-long/);
    const unasked = await run(["report", file, "-o", "r"], folder);
    assertEquals(unasked.code, 0);
    assertMatch(
      await Deno.readTextFile(`${folder}/r/report.md`),
      /No example images: running the cheapest cell again would take about \d+ years; use --examples/,
    );
  }));

const software = (await probeBackends()).some(({ software }) => software);

Deno.test({
  name:
    "cells of another WebGPU adapter: verify says before it starts that they cannot be compared, report makes no examples in software",
  ignore: !software,
  fn: () =>
    inFolder(async (folder) => {
      const file = `${root}results/sweep-37c81226.json`;
      const verified = await run(["verify", file, "--cells", "1"], folder);
      assertEquals(verified.code, 2);
      assertMatch(
        verified.stderr,
        /^Recorded on the WebGPU adapter "NVIDIA H200", but this machine has ".*--tolerance/,
      );
      assertEquals((await run(["report", file, "-o", "r"], folder)).code, 0);
      assertMatch(
        await Deno.readTextFile(`${folder}/r/report.md`),
        /No example images: the WebGPU adapter of this machine computes in software/,
      );
    }),
});

const markup =
  "\n\n# Injected\n\n[click](javascript:alert(1)) ![x](https://evil.example/x.png) <img src=x onerror=alert(1)>\n```sh\nrm -rf /\n```\n";

Deno.test("no Markdown of a file becomes markup of a report, analysis, comparison or crate", () =>
  inFolder(async (folder) => {
    await forge(`${folder}/a.json`, (set) => {
      const evil = set as unknown as {
        study: { description: string };
        dataset: { name: string };
      };
      evil.study.description = markup;
      evil.dataset.name = markup;
      set.provenance.dupbench = markup;
      set.provenance.cpu = markup;
      for (const cell of set.cells) {
        if (cell.status === "failed") continue;
        cell.outcome.flags = [{
          flag: "zero-gradient",
          where: markup,
          value: 1,
        }];
      }
    });
    for (
      const args of [
        ["report", "a.json", "-o", "r", "--no-examples"],
        ["analyse", "a.json", "-o", "analysis"],
        ["compare", "a.json", "a.json", "-o", "c"],
        ["export", "a.json", "--format", "ro-crate", "-o", "a.zip"],
      ]
    ) assertEquals((await run(args, folder)).code, 0);
    const { unzipSync, strFromU8 } = await import("fflate");
    const crate = unzipSync(await Deno.readFile(`${folder}/a.zip`));
    const texts = [
      await Deno.readTextFile(`${folder}/r/report.md`),
      await Deno.readTextFile(`${folder}/analysis.md`),
      await Deno.readTextFile(`${folder}/c/comparison.md`),
      ...Object.entries(crate).filter(([name]) => name.endsWith(".md"))
        .map(([, content]) => strFromU8(content)),
    ];
    for (const text of texts) {
      assert(!/(?<!\\)<img/.test(text), text);
      assert(!/(?<!\\)\]\(javascript/.test(text), text);
      assert(!/(?<!\\)!\[x/.test(text), text);
      assert(!/^# Injected/m.test(text), text);
      assert(!/^```sh\nrm/m.test(text), text);
    }
    const page = await Deno.readTextFile(`${folder}/r/report.html`);
    assert(!page.includes("<img src=x"));
  }));

Deno.test("readers are told to repeat only commands that write results, on one line and quoted", () =>
  inFolder(async (folder) => {
    for (const name of ["cmd-eval", "cmd-tick"]) {
      const file = `${cases}${name}.json`;
      await run(["report", file, "-o", "r", "--no-examples"], folder);
      await run(
        ["export", file, "--format", "ro-crate", "-o", "a.zip"],
        folder,
      );
      const { unzipSync, strFromU8 } = await import("fflate");
      const crate = unzipSync(await Deno.readFile(`${folder}/a.zip`));
      const readme = strFromU8(crate["README.md"]!);
      const report = await Deno.readTextFile(`${folder}/r/report.md`);
      if (name === "cmd-eval") {
        for (const text of [readme, report]) {
          assert(!text.includes("--eval"), text);
          assertMatch(text, /command is (unknown|not one)/);
        }
      } else {
        // The fence is longer than the backticks within; words are quoted.
        assertMatch(
          readme,
          /`` deno task sweep 'a`; touch out\/PWNED; echo `b' ``/,
        );
        assertMatch(report, /deno task sweep 'a\\`; touch/);
      }
    }
  }));

Deno.test("csvText() and every table defuse formulas", () =>
  inFolder(async (folder) => {
    assertEquals(
      csvText([["=1+1", "@x", "+1", "-1", -1, "a=b"]]),
      "'=1+1,'@x,'+1,'-1,-1,a=b\r\n",
    );
    await forge(`${folder}/a.json`, (set) => {
      set.provenance.cpu = '=HYPERLINK("http://evil.example","x")';
    });
    for (
      const args of [
        ["compare", "a.json", "a.json", "-o", "c"],
        ["export", "a.json", "--format", "csv", "-o", "a.csv"],
        ["report", "a.json", "-o", "r", "--no-examples"],
      ]
    ) assertEquals((await run(args, folder)).code, 0);
    for (
      const path of [
        "c/comparison.csv",
        "a.csv",
        "a-classes.csv",
        "r/series.csv",
        "r/classes.csv",
      ]
    ) {
      const text = await Deno.readTextFile(`${folder}/${path}`);
      assert(!/(^|,)"?[=@]/m.test(text), `${path}: ${text}`);
    }
  }));

Deno.test("terminalText() and markdownText() keep ordinary text", () => {
  assertEquals(terminalText("a\tb\n\x1b[2Jc\x07\u202e"), "a\tb\n[2Jc");
  assertEquals(
    markdownText("published-standard, ratio 0.5"),
    "published-standard, ratio 0.5",
  );
  assertEquals(markdownText("# a\n- b"), "\\# a - b");
  assertEquals(markdownText("R&D of my_data_2.json"), "R&D of my_data_2.json");
});

Deno.test("markdownText() escapes every mark of CommonMark and GFM that has a meaning where it is", () => {
  // Each in its place in the specification: sections 4, 6.2, 2.5, 6.1, 6.3, 6.6.
  for (
    const [text, expected] of [
      ["*a* **b**", "\\*a\\* \\*\\*b\\*\\*"],
      ["_a_ __b__ a_b", "\\_a\\_ \\_\\_b\\_\\_ a_b"],
      ["a._b_", "a.\\_b\\_"],
      ["___", "\\_\\_\\_"],
      ["&amp; &#35; &#x22; a & b;", "\\&amp; \\&#35; \\&#x22; a & b;"],
      ["`a` ~b~", "\\`a\\` \\~b\\~"],
      ["[a](b) ![c]", "\\[a\\](b) \\!\\[c\\]"],
      ["<b> a|b a\\b", "\\<b\\> a\\|b a\\\\b"],
      ["a #", "a \\#"],
      ["a ## b ##", "a ## b \\##"],
      ["##", "\\##"],
      ["12. a", "12\\. a"],
      ["1) a", "1\\) a"],
      ["- a", "\\- a"],
      ["+ a", "\\+ a"],
      ["===", "\\==="],
      ["a  \nb", "a b"],
    ] as const
  ) assertEquals(markdownText(text), expected, text);
});

Deno.test("a folder of results can be read as it is: crates are opened, analyses skipped", () =>
  inFolder(async (folder) => {
    await Deno.copyFile(`${cases}cmd-eval.json`, `${folder}/a.json`);
    await run(["analyse", "a.json"], folder);
    await run(["export", "a.json", "--format", "ro-crate"], folder);
    const crate = "a-ro-crate.zip";
    const direct = await run(["verify", "a.json", "--cells", "0"], folder);
    const zipped = await run(["verify", crate, "--cells", "0"], folder);
    assertEquals(zipped.stdout, direct.stdout.replace("a.json", crate));
    await run(["export", crate, "--format", "csv", "-o", "z.csv"], folder);
    await run(["export", "a.json", "--format", "csv", "-o", "a.csv"], folder);
    assertEquals(
      await Deno.readTextFile(`${folder}/z.csv`),
      await Deno.readTextFile(`${folder}/a.csv`),
    );
    for (
      const args of [
        ["report", "a.json", "a-analysis.json", "-o", "r", "--no-examples"],
        ["verify", "a.json", "a-analysis.json", "--cells", "0"],
      ]
    ) {
      const { code, stderr } = await run(args, folder);
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /skipped a-analysis\.json: an analysis/);
    }
    await Deno.writeTextFile(`${folder}/cut.zip`, "PK\x03\x04 and no more");
    assertMatch(
      (await run(["report", "cut.zip", "-o", "r"], folder)).stderr,
      /Cannot read the result set "cut\.zip": it is a damaged zip/,
    );
  }));

Deno.test("report finds out that it cannot write before it runs a cell", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/taken`, "a file");
    const { code, stderr } = await run(
      ["report", `${cases}cmd-eval.json`, "-o", "taken", "--examples"],
      folder,
    );
    assertEquals(code, 2);
    assertMatch(stderr, /^Cannot write "taken\//);
  }));

Deno.test("report removes drawings of its own that are stale, and no others", () =>
  inFolder(async (folder) => {
    const file = `${cases}cmd-eval.json`;
    const args = ["report", file, "-o", "r", "--no-examples"];
    await run(args, folder);
    const figures = `${folder}/r/figures`;
    const names = () =>
      [...Deno.readDirSync(figures)].map(({ name }) => name).sort();
    const own = names();
    assert(own.length > 0);
    await Deno.copyFile(`${figures}/${own[0]}`, `${figures}/stale.svg`);
    await Deno.writeTextFile(`${figures}/mine.svg`, "<svg></svg>");
    await run(args, folder);
    assertEquals(names(), [...own, "mine.svg"].sort());
  }));

Deno.test("writeFileAtomically() never writes through a link", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/precious`, "mine");
    await Deno.symlink(`${folder}/precious`, `${folder}/x.json.part`);
    await writeFileAtomically(`${folder}/x.json`, "new");
    assertEquals(await Deno.readTextFile(`${folder}/precious`), "mine");
    assertEquals(await Deno.readTextFile(`${folder}/x.json`), "new");
    assert((await Deno.lstat(`${folder}/x.json`)).isFile);
  }));
