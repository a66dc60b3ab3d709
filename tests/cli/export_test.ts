import { assertEquals, assertMatch } from "@std/assert";
import { readZip } from "../export/_read_zip.ts";
import { quick, troubled } from "../export/_sets.ts";
import { digestResultSet } from "../../src/results/result_set.ts";
import { runMain } from "./run_main.ts";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The task itself, with its own permissions, in a time zone of choice. */
async function runTask(args: string[], zone: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "export", ...args],
    cwd: new URL("../../", import.meta.url),
    env: { TZ: zone, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("export writes the same crate in any time zone, with the task's permissions", () =>
  inFolder(async (folder) => {
    const zips = [];
    for (const zone of ["Pacific/Auckland", "America/Los_Angeles"]) {
      const out = `${folder}/new/${zone.slice(-3)}.zip`;
      const { code, stdout, stderr } = await runTask(
        [
          quick,
          "--format=ro-crate",
          `--out=${out}`,
          "--license=CC0-1.0",
          "--author=Ada Byron <0000-0002-1825-0097>",
          "--author=Team",
        ],
        zone,
      );
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(stdout, `wrote ${out}\n`);
      zips.push(await Deno.readFile(out));
    }
    assertEquals(zips[0], zips[1]);
    const files = await readZip(zips[0]!);
    const read = (path: string) => new TextDecoder().decode(files.get(path));
    assertMatch(read("LICENSE.txt"), /CC0 1\.0 Universal/);
    const graph = JSON.parse(read("ro-crate-metadata.json"))["@graph"];
    const authors = graph.filter((entity: { "@type": string; name: string }) =>
      entity["@type"] === "Person" && /Ada|Team/.test(entity.name)
    );
    assertEquals(authors.map((one: { "@id": string }) => one["@id"]), [
      "https://orcid.org/0000-0002-1825-0097",
      "#author-2",
    ]);
    const citation = new URL("../../CITATION.cff", import.meta.url);
    assertEquals(
      read("dupbench-CITATION.cff"),
      await Deno.readTextFile(citation),
    );
  }));

Deno.test("export takes a name with a comma for one author, and --author once for each", () =>
  inFolder(async (folder) => {
    const { code, stderr } = await runMain([
      ...["export", quick, "--format=ro-crate", `--out=${folder}/crate.zip`],
      ...[
        "--author",
        "Doe, Jane",
        "--author=van Dyke, Max <0000-0002-1825-0097>",
      ],
    ]);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const files = await readZip(await Deno.readFile(`${folder}/crate.zip`));
    const read = (path: string) => new TextDecoder().decode(files.get(path));
    const graph: Record<string, unknown>[] =
      JSON.parse(read("ro-crate-metadata.json"))["@graph"];
    const [root] = graph.filter((entity) => entity["@id"] === "./");
    const ids = (root!.author as { "@id": string }[]).map((one) => one["@id"]);
    assertEquals(
      ids.map((id) => graph.find((entity) => entity["@id"] === id)!.name),
      ["Doe, Jane", "van Dyke, Max"],
    );
    assertMatch(read("README.md"), /authors: Doe, Jane; van Dyke, Max\. /);
  }));

Deno.test("export's crate passes unzip -t and sha256sum -c", {
  ignore: !hasTools(),
}, () =>
  inFolder(async (folder) => {
    await runMain([
      "export",
      quick,
      "--format=ro-crate",
      `--out=${folder}/crate.zip`,
    ]);
    const { code, stdout } = await shell(
      "unzip -tq crate.zip && unzip -q crate.zip -d crate && cd crate && sha256sum --strict -c manifest-sha256.txt",
      folder,
    );
    assertEquals(code, 0);
    assertEquals(stdout.match(/: OK$/gm)?.length, 11);
  }));

/** Both are Debian's; neither shares code with what wrote the zip. */
function hasTools(): boolean {
  try {
    const there = new Deno.Command("sh", {
      args: ["-c", "command -v unzip sha256sum"],
    }).outputSync().success;
    if (!there) console.log("no unzip or sha256sum: they are not asked");
    return there;
  } catch {
    return false;
  }
}

async function shell(line: string, cwd: string) {
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-c", line],
    cwd,
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

Deno.test("export writes tables beside the result set, again over the old ones", () =>
  inFolder(async (folder) => {
    await Deno.copyFile(quick, `${folder}/set.json`);
    for (const format of ["csv", "parquet", "csv", "parquet"]) {
      const { code, stdout, stderr } = await runMain(
        ["export", "set.json", `--format=${format}`],
        folder,
      );
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(
        stdout,
        `wrote set.${format} and set-classes.${format}\n`,
      );
    }
    assertEquals(names(folder), [
      "set-classes.csv",
      "set-classes.parquet",
      "set.csv",
      "set.json",
      "set.parquet",
    ]);
    assertMatch(await Deno.readTextFile(`${folder}/set.csv`), /^study,cell,/);
    assertEquals(
      await Deno.readTextFile(`${folder}/set.json`),
      await Deno.readTextFile(quick),
    );
  }));

Deno.test("export writes a Croissant document with its files next to it, elsewhere with the result set too", () =>
  inFolder(async (folder) => {
    await Deno.copyFile(quick, `${folder}/set.json`);
    const args = [
      ...["export", "set.json", "--format=croissant"],
      ...["--author=Ada Byron", "--url=https://example.org/set"],
    ];
    const here = await runMain(args, folder);
    assertEquals(here, {
      code: 0,
      stderr: "",
      stdout: "wrote set.csv and set-classes.csv and set-croissant.json\n",
    });
    const there = await runMain(
      [...args, "--out=new/one-croissant.json"],
      folder,
    );
    assertEquals(there.code, 0, there.stderr);
    assertEquals(names(`${folder}/new`), [
      "one-classes.csv",
      "one-croissant.json",
      "one.csv",
      "one.json",
    ]);
    const { distribution } = JSON.parse(
      await Deno.readTextFile(`${folder}/new/one-croissant.json`),
    );
    for (const { contentUrl, contentSize } of distribution) {
      const { size } = await Deno.stat(`${folder}/new/${contentUrl}`);
      assertEquals(contentSize, `${size} B`);
    }
  }));

Deno.test("export says which cells failed, diverged or are doubtful, or are missing", () =>
  inFolder(async (folder) => {
    const set = await troubled();
    await Deno.writeTextFile(`${folder}/set.json`, JSON.stringify(set));
    const { code, stderr } = await runMain(
      ["export", "set.json", "--format=csv"],
      folder,
    );
    assertEquals(code, 0);
    assertEquals(
      stderr,
      `note: 1 of 20 cells failed and have no outcome
note: 1 of 20 cells diverged and were not evaluated
note: 1 of 20 cells carry flags that make them doubtful
`,
    );
    const { digest: _, ...few } = { ...set, cells: set.cells.slice(3, 5) };
    await Deno.writeTextFile(
      `${folder}/few.json`,
      JSON.stringify({ ...few, digest: digestResultSet(few) }),
    );
    assertEquals(
      (await runMain(["export", "few.json", "--format=csv"], folder)).stderr,
      "note: 18 of 20 cells of the study are missing\n",
    );
  }));

Deno.test("export refuses in one line what it cannot vouch for, and writes nothing", () =>
  inFolder(async (folder) => {
    const text = await Deno.readTextFile(quick);
    const files: Record<string, string> = {
      "set.json": text,
      "changed.json": text.replace('"correct": 442', '"correct": 542'),
      "other.json": '{"schema": "other"}',
      "no.json": "not JSON",
    };
    assertEquals(files["changed.json"] === text, false);
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, content);
    }
    await Deno.mkdir(`${folder}/folder`);
    const before = names(folder);
    for (
      const [args, fault] of [
        [["--format=csv"], /^Name a file: export /],
        [
          ["set.json", "set.json", "--format=csv"],
          /^Name one file only: export /,
        ],
        [["set.json"], /^--format is required: it must be one of /],
        [["set.json", "--format=xml"], /^--format must be .*csv.*"xml"/],
        [
          ["none.json", "--format=csv"],
          /Cannot read the result set "none\.json"/,
        ],
        [["no.json", "--format=csv"], /Cannot read the result set "no\.json"/],
        [
          ["other.json", "--format=csv"],
          /"other\.json": it is not a result set: "schema" must be /,
        ],
        [["changed.json", "--format=ro-crate"], /digest does not match/],
        [["changed.json", "--format=csv"], /digest does not match/],
        [["set.json", "--format=csv", "--out=set.json"], /another file/],
        [["set.json", "--format=csv", "--out=./folder/../set.json"], /another/],
        [
          ["set.json", "--format=csv", "--out=folder"],
          /"folder" .*it is a folder/,
        ],
        [["set.json", "--format=parquet", "--out=x.csv"], /^--out .*"x\.csv"/],
        [["set.json", "--format=csv", "--out=x.zip"], /^--out .*"x\.zip"/],
        [["set.json", "--format=csv", "--license=MIT"], /only.*ro-crate/],
        [["set.json", "--format=csv", "--url=https://a.org/"], /only.*croiss/],
        [["set.json", "--format=croissant", "--author=A"], /needs --url/],
        [
          ["set.json", "--format=croissant", "--url=https://a.org/"],
          /needs --author/,
        ],
        [
          ["set.json", "--format=croissant", "--author=A", "--url=a.org"],
          /^--url must be an http or https address, got "a\.org"/,
        ],
        [
          // It would be the result set's place.
          [
            "set.json",
            ...["--format=croissant", "--author=A", "--url=https://a.org/"],
            "--out=x.json",
          ],
          /^--out must end in -croissant\.json.*"x\.json"/,
        ],
        ...["-croissant.json", "folder/-croissant.json"].map((out) =>
          [
            [
              "set.json",
              ...["--format=croissant", "--author=A", "--url=https://a.org/"],
              `--out=${out}`,
            ],
            /^--out must have a name before -croissant\.json, got "/,
          ] as const
        ),
        [["set.json", "--format=ro-crate", "--license=mine"], /SPDX.*"mine"/],
        [["set.json", "--format=ro-crate", "--author=<1>"], /--author/],
        [
          ["set.json", "--format=ro-crate", "--author=A", "--author=A "],
          /^--author must name each author once, got "A "\n$/,
        ],
        // Lists, as other options take them.
        ...["A, B,A", "Ada Byron,Team", "A,", "A <0000-0002-1825-0097>,B"].map(
          (author) =>
            [
              ["set.json", "--format=ro-crate", `--author=${author}`],
              /^--author must be one author, .*: give it again for each further author\n$/,
            ] as const,
        ),
        [
          [
            "set.json",
            "--format=ro-crate",
            "--author=A <0000-0002-1825-0097>",
            "--author=B <https://orcid.org/0000-0002-1825-0097>",
          ],
          /^--author must name each author once, got "B <https:/,
        ],
        [
          // The last digit of ORCID's own example, mistyped.
          [
            "set.json",
            "--format=ro-crate",
            "--author=A <0000-0002-1825-0098>",
          ],
          /check digit/,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await runMain(
        ["export", ...args],
        folder,
      );
      assertEquals(code, 2, stderr);
      assertEquals(stdout, "");
      assertMatch(stderr, fault);
      assertEquals(stderr.trim().split("\n").length, 1, stderr);
      assertEquals(names(folder), before, args.join(" "));
    }
  }));
