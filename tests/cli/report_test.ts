import { assertEquals, assertMatch } from "@std/assert";
import { runMain } from "./run_main.ts";
import { pathOfRecorded } from "../recorded_sets.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

Deno.test("report writes the same files twice, page, text, tables and drawings", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const read = async () => {
      const { code, stderr } = await runMain([
        "report",
        pathOfRecorded("quick-1e218e0d.json"),
        "-o",
        folder,
        "--no-examples",
      ]);
      assertEquals(code, 0, stderr);
      const texts: Record<string, string> = {};
      for (const part of ["", "figures/"]) {
        for await (
          const { name, isFile } of Deno.readDir(folder + "/" + part)
        ) {
          if (!isFile) continue;
          texts[part + name] = await Deno.readTextFile(
            `${folder}/${part}${name}`,
          );
        }
      }
      return texts;
    };
    const first = await read();
    assertEquals(await read(), first);
    // Clean, worst, time and two attacks for 2 ways to train; classes by policy;
    // effects of both ways to train in one; their effects by ratio; 4 questions with
    // a policy each.
    const count = 5 * 2 + 4 + 1 + 2 + 4;
    const drawings = Object.keys(first).filter((name) => name.endsWith(".svg"));
    assertEquals(drawings.length, count);
    const page = first["report.html"]!;
    assertEquals(page.length < 3e6, true);
    assertEquals(/<script|https?:\/\/(?!www\.w3\.org)/.test(page), false);
    assertMatch(page, /deno task sweep/);
    assertEquals([...page.matchAll(/<section class="question/g)].length, 4);
    assertEquals(
      first["report.md"]!.match(/^!\[.*\]\(figures\/.*\.svg\)$/gm)?.length,
      count,
    );
    // 4 arms of 5 metrics and 3 ratios, and a heading.
    assertEquals(first["series.csv"]!.trim().split("\r\n").length, 61);
    assertEquals(first["classes.csv"]!.trim().split("\r\n").length, 81);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("report without --out writes to results/local/report, and removes its table of conditions where there are none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/results/local/report`;
    await Deno.mkdir(out, { recursive: true });
    await Deno.writeTextFile(
      `${out}/conditions.csv`,
      "study,condition,value,usual,model\r\na,dedup,near,none,b\r\n",
    );
    await Deno.writeTextFile(`${out}/notes.csv`, "mine");
    const { code, stdout, stderr } = await runMain(
      ["report", pathOfRecorded("quick-1e218e0d.json"), "--no-examples"],
      folder,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^wrote results\/local\/report\/report\.html and /);
    const names = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
    assertEquals(names, [
      "classes.csv",
      "figures",
      "notes.csv",
      "report.html",
      "report.md",
      "series.csv",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("report refuses what is no result set in one line and writes nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (
      const [args, fault] of [
        [[], /^Name a file: report /],
        [
          [`${root}results/gaussian.json`],
          /Cannot read the result set ".*gaussian/,
        ],
        [["none.json"], /Cannot read the result set "none.json"/],
        [
          [pathOfRecorded("quick-1e218e0d.json"), "--examples", "--data=."],
          /^Cannot make examples: The data set "cifar10-mini" is embedded and takes no --data, got /,
        ],
        [
          [pathOfRecorded("quick-1e218e0d.json"), "--margin=0"],
          /^--margin must be above 0/,
        ],
      ] as const
    ) {
      const { code, stderr } = await runMain(
        ["report", ...args, `--out=${folder}/out`],
        folder,
      );
      assertEquals(code, 2, stderr);
      assertMatch(stderr, fault);
      assertEquals(stderr.trim().split("\n").length, 1);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
