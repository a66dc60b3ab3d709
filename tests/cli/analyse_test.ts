import { assertEquals, assertMatch } from "@std/assert";
import { runMain } from "./run_main.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const set = pathOfRecorded("quick-1e218e0d.json");

Deno.test("analyse prints six verdicts and writes the same JSON and Markdown twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const written = [];
    for (const name of ["a", "b"]) {
      const { code, stdout, stderr } = await runMain([
        "analyse",
        set,
        `--out=${folder}/${name}`,
      ]);
      assertEquals(code, 0, stderr);
      const verdicts = stdout.match(
        /^\d\. .*: (supported|contradicted|inconclusive) \(.*\)\.$/gm,
      );
      assertEquals(verdicts?.length, 6, stdout);
      // It has no evaluations between epochs.
      assertMatch(stdout, /^1\. .*no data: .*evaluations between epochs/m);
      assertEquals(stdout.match(/^ {3}Rule: /gm)?.length, 6);
      written.push(
        [".json", ".md"].map((ending) =>
          Deno.readTextFileSync(`${folder}/${name}${ending}`)
        ),
      );
    }
    assertEquals(written[0], written[1]);
    const { claims, sources, published } = JSON.parse(written[0]![0]!);
    assertEquals(claims.length, 6);
    assertEquals(sources[0].study, "quick");
    assertEquals(published.rows.length, 17);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("analyse refuses no file, a missing one and one that is no result set", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const other = `${folder}/other.json`;
    await Deno.writeTextFile(other, '{"schema": "other"}');
    for (
      const [args, fault] of [
        [[], /^Name a file: analyse FILE/],
        [[`${folder}/none.json`], /Cannot read the result set ".*none\.json"/],
        [
          [other],
          /Cannot read the result set ".*other\.json": it is not a result set: "schema" must be /,
        ],
        [[set, "--margin=0"], /^--margin must be above 0, got 0/],
      ] as const
    ) {
      const { code, stderr } = await runMain(["analyse", ...args], folder);
      assertEquals(code, 2);
      assertMatch(stderr, fault);
      assertEquals(stderr.trim().split("\n").length, 1);
    }
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("analyse --out may end in .json, but never names what it reads", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const mine = `${folder}/mine.json`;
    await Deno.copyFile(set, mine);
    const before = await Deno.readTextFile(mine);
    for (const out of ["mine", "mine.json", "./mine.md"]) {
      const ended = await runMain(["analyse", mine, "-o", out], folder);
      assertEquals(ended.code, 2);
      assertMatch(ended.stderr, /^--out must be another file/);
    }
    // Without --out, too: a set may be called like the analysis of another.
    await Deno.copyFile(
      pathOfRecorded("corrected-adversarial-mini.json"),
      `${folder}/mine-analysis.json`,
    );
    const ended = await runMain(
      ["analyse", "mine.json", "mine-analysis.json"],
      folder,
    );
    assertEquals(
      [ended.code, ended.stderr],
      [
        2,
        '--out must be another file than the result sets, got "mine-analysis.json"\n',
      ],
    );
    await Deno.remove(`${folder}/mine-analysis.json`);
    assertEquals(await Deno.readTextFile(mine), before);
    const { code } = await runMain(
      ["analyse", mine, "-o", "new.json"],
      folder,
    );
    assertEquals(code, 0);
    assertEquals(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["mine.json", "new.json", "new.md"],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("analyse replaces an earlier analysis and no other file: neither a result set of that name nor notes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.copyFile(set, `${folder}/a.json`);
    const analyse = (...more: string[]) =>
      runMain(["analyse", "a.json", ...more], folder);
    for (const time of ["first", "second"]) {
      const { code, stderr } = await analyse();
      assertEquals(code, 0, `${time}: ${stderr}`);
    }
    await Deno.copyFile(`${folder}/a-analysis.md`, `${folder}/n.md`);
    for (
      const [name, text, fault] of [
        [
          "a-analysis.json",
          await Deno.readTextFile(set),
          /^"a-analysis\.json" is not an analysis \("schema" must be .*\) and is not replaced: choose another --out, or move the file away\n$/,
        ],
        ["n.json", "{", /^"n\.json" is not an analysis \(.*\) and is not/],
        ["README.md", "# Notes\n", /^"README\.md" is not an analysis \(it/],
      ] as const
    ) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const { code, stdout, stderr } = await analyse(
        ...(name.startsWith("a-") ? [] : ["-o", name]),
      );
      assertEquals([code, stdout], [2, ""]);
      assertMatch(stderr, fault);
      assertEquals(await Deno.readTextFile(`${folder}/${name}`), text);
    }
    const hidden = await analyse("-o", "sub/");
    assertEquals([hidden.code, hidden.stderr], [
      2,
      '--out must name files, not a folder, got "sub/"\n',
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
