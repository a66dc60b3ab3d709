/**
 * The validator of MLCommons is a Python package. The oracle here is the
 * specification of Croissant 1.1, whose rules are written out below by hand,
 * with a JSON-LD processor that shares no code with what writes the document.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import jsonld from "jsonld";
import { describeInCroissant } from "../../src/export/croissant.ts";
import { findLicense } from "../../src/export/license.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { readResultFile } from "../../src/results/read_result_set.ts";
import { merged, quick, troubled } from "./_sets.ts";

const sc = "http://schema.org/";
const cr = "http://mlcommons.org/croissant/";

type Node = Record<string, unknown> & { "@id": string; "@type": string };

async function describe(
  { set, bytes }: Awaited<ReturnType<typeof readResultFile>>,
) {
  const made = describeInCroissant(bytes, set, {
    stem: "a set",
    url: "https://example.org/sets/1",
    license: await findLicense("CC-BY-4.0"),
    authors: [
      { name: "Ada Byron", orcid: "https://orcid.org/0000-0002-1825-0097" },
      { name: "Team {of} two" },
    ],
  });
  // deno-lint-ignore no-explicit-any
  const document = JSON.parse(made.document) as any;
  return { ...made, document, set };
}

function fileOf(set: ResultSet) {
  return { set, bytes: new TextEncoder().encode(JSON.stringify(set)) };
}

const troubledFile = async () => fileOf(await troubled());
const mergedFile = async () => fileOf(await merged());

const inputs = [
  ["a sound set", () => readResultFile(quick)],
  ["a set with failures", troubledFile],
  ["a merged set", mergedFile],
] as const;

/** Reads CSV by the grammar of RFC 4180, section 2. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  for (const [, quoted, plain, end] of text.matchAll(fields)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === "\r\n") rows.push([]);
  }
  assertEquals(rows.pop(), [], "the last line has an end");
  return rows;
}

/** Every object of a document. */
function* objectsOf(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const inner of Object.values(value)) yield* objectsOf(inner);
}

Deno.test("describeInCroissant() describes the set, and its files and fields, as expected", async () => {
  const { document, files, set } = await describe(await readResultFile(quick));
  const { "@context": _, distribution, recordSet, ...dataset } = document;
  assertEquals(dataset, {
    "@type": "sc:Dataset",
    conformsTo: "http://mlcommons.org/croissant/1.1",
    name: 'dupbench result set "quick"',
    description: dataset.description,
    datePublished: set.provenance.finishedAt.slice(0, 10),
    url: "https://example.org/sets/1",
    license: "https://spdx.org/licenses/CC-BY-4.0",
    creator: [{
      "@type": "sc:Person",
      "@id": "https://orcid.org/0000-0002-1825-0097",
      url: "https://orcid.org/0000-0002-1825-0097",
      name: "Ada Byron",
    }, { "@type": "sc:Person", name: "Team {of} two" }],
    keywords: [
      "data duplication",
      "image classification",
      "adversarial robustness",
      "benchmark",
      "cifar10-mini",
      ...set.study.model,
    ],
    version: "1.0.0",
    identifier: set.digest,
    citeAs:
      `@misc{dupbench, author = {Ada Byron and Team of two}, title = {dupbench result set "quick"}, year = {${
        set.provenance.finishedAt.slice(0, 4)
      }}, url = {https://example.org/sets/1}}`,
    "prov:wasGeneratedBy": dataset["prov:wasGeneratedBy"],
    "prov:wasDerivedFrom": {
      "@type": "prov:Entity",
      name: "cifar10-mini",
      description: "SHA-256 is over decoded pixels and labels",
      sha256: set.dataset.sha256,
    },
  });
  assertMatch(dataset.description, / 20 training runs\.$/);
  assertEquals(
    distribution.map((file: Node) => [file["@id"], file["encodingFormat"]]),
    [
      ["a%20set.json", "application/json"],
      ["a%20set.csv", "text/csv"],
      ["a%20set-classes.csv", "text/csv"],
    ],
  );
  assertEquals(files["a set.json"], await Deno.readFile(quick));
  assertEquals(recordSet.map((records: Node) => records["key"]), [
    { "@id": "cells/cell" },
    [
      { "@id": "classes/cell" },
      { "@id": "classes/evaluation" },
      { "@id": "classes/class" },
    ],
  ]);
  const cell = recordSet[1].field.find(({ name }: Node) => name === "cell");
  assertEquals(cell, {
    "@type": "cr:Field",
    "@id": "classes/cell",
    name: "cell",
    description: "Id of the cell, as in the table of cells",
    dataType: "sc:Text",
    source: {
      fileObject: { "@id": "a%20set-classes.csv" },
      extract: { column: "cell" },
    },
    references: { "@id": "cells/cell" },
  });
});

for (const [what, read] of inputs) {
  Deno.test(`describeInCroissant() has what Croissant 1.1 requires, and terms that JSON-LD resolves: ${what}`, async () => {
    const { document } = await describe(await read());
    const base = "https://example.org/sets/1/";
    const [dataset, ...others] = await jsonld.expand(document, {
      base,
      safe: true,
    }) as unknown as Record<string, { "@value"?: string }[]>[];
    assertEquals(others, []);
    // "Required" of the section "Dataset-level information", and distribution.
    for (const name of ["description", "name", "url", "datePublished"]) {
      assertEquals(dataset![sc + name]!.length, 1, name);
    }
    for (const name of ["license", "creator", "distribution"]) {
      assert(dataset![sc + name]!.length > 0, name);
    }
    assertEquals(dataset!["@type"] as unknown, [`${sc}Dataset`]);
    assertEquals(
      dataset!["http://purl.org/dc/terms/conformsTo"]![0]!["@value"],
      "http://mlcommons.org/croissant/1.1",
    );
    // The vocabulary of Croissant, by its classes' tables of properties.
    const terms: Record<string, readonly string[]> = {
      [`${cr}RecordSet`]: [`${cr}field`, `${cr}key`],
      [`${cr}Field`]: [`${cr}source`, `${cr}dataType`, `${cr}references`],
      [`${cr}FileObject`]: ["contentUrl", "contentSize", "encodingFormat"]
        .concat("sha256").map((name) => sc + name),
    };
    let count = 0;
    for (const node of objectsOf(dataset)) {
      const required = terms[String(node["@type"])] ?? [];
      for (const term of required) {
        if (term === `${cr}references`) continue;
        assert(term in node, `${node["@id"]} lacks ${term}`);
        count++;
      }
      const known = [...required, sc + "name", sc + "description"];
      if (required.length === 0) continue;
      for (const term of Object.keys(node)) {
        assert(term.startsWith("@") || known.includes(term), term);
      }
    }
    assert(count > 100);
    const types = new Set(
      [...objectsOf(dataset)].flatMap((node) =>
        (node[`${cr}dataType`] as Node[] | undefined)?.map((type) =>
          type["@id"]
        ) ?? []
      ),
    );
    // Atomic types of the section "DataType".
    const atomic = ["Boolean", "Float", "Integer", "Text"].map((one) =>
      sc + one
    );
    assertEquals([...types].sort(), atomic);
  });

  Deno.test(`describeInCroissant() has each id once, and every reference leads to one: ${what}`, async () => {
    const { document } = await describe(await read());
    const { "@context": _, ...dataset } = document;
    const named = [...objectsOf(dataset)].filter((one) => "@id" in one);
    const isReference = (one: Node) => Object.keys(one).length === 1;
    const ids = named.filter((one) => !isReference(one)).map((one) =>
      one["@id"]
    );
    assertEquals(new Set(ids).size, ids.length);
    const references = named.filter(isReference);
    assert(references.length > 50);
    for (const one of references) assert(ids.includes(one["@id"]), one["@id"]);
  });

  Deno.test(`describeInCroissant() gives each file's digest, and each column with a type that its values have: ${what}`, async () => {
    const { document, files } = await describe(await read());
    const names = document.distribution.map(({ contentUrl }: Node) =>
      decodeURIComponent(contentUrl as string)
    );
    assertEquals(names, Object.keys(files));
    for (const { name, sha256, contentSize } of document.distribution) {
      const bytes = files[name]!;
      assertEquals(sha256, createHash("sha256").update(bytes).digest("hex"));
      assertEquals(contentSize, `${bytes.length} B`);
    }
    const isOf: Record<string, (text: string) => boolean> = {
      "sc:Boolean": (text) => text === "true" || text === "false",
      "sc:Integer": (text) => /^-?\d+$/.test(text),
      "sc:Float": (text) => text !== "" && Number.isFinite(Number(text)),
      "sc:Text": () => true,
    };
    const valuesOf = new Map<string, string[]>();
    for (const { "@id": id, field, key } of document.recordSet) {
      const file = decodeURIComponent(field[0].source.fileObject["@id"]);
      const [header, ...rows] = readCsv(new TextDecoder().decode(files[file]));
      assertEquals(
        field.map(({ source }: { source: { extract: { column: string } } }) =>
          source.extract.column
        ),
        header,
        "every column is described",
      );
      for (const [i, one] of field.entries()) {
        const values = rows.map((row) => row[i]!);
        valuesOf.set(one["@id"], values);
        for (const text of values) {
          assert(
            text === "" || isOf[one.dataType]!(text),
            `${one["@id"]} ${text}`,
          );
        }
      }
      const keys = [key].flat().map((one: Node) => valuesOf.get(one["@id"])!);
      const joined = rows.map((_, i) => keys.map((column) => column[i]).join());
      assert(rows.length > 0);
      assertEquals(new Set(joined).size, rows.length, `${id}: keys are unique`);
    }
    const cells = new Set(valuesOf.get("cells/cell"));
    assert(valuesOf.get("classes/cell")!.every((cell) => cells.has(cell)));
  });
}

Deno.test("describeInCroissant() cites the address of the page, and no other", async () => {
  const { bytes, set } = await readResultFile(quick);
  for (
    const [url, cited] of [
      [
        "https://example.org/a_b?x={1}&y=~2%20",
        "https://example.org/a_b?x=%7B1%7D&y=~2%20",
      ],
      ["https://example.org/#a\\b", "https://example.org/#a%5Cb"],
    ] as const
  ) {
    const { document } = describeInCroissant(bytes, set, {
      stem: "set",
      url,
      license: await findLicense("CC-BY-4.0"),
      authors: [{ name: "A" }],
    });
    const [, found] = /, url = \{(.*)\}\}$/.exec(JSON.parse(document).citeAs)!;
    assertEquals(found, cited);
    // An address with these marks is the same as with their codes.
    assertEquals(decodeURIComponent(found!), decodeURIComponent(url));
  }
});

Deno.test("describeInCroissant() tells of a merged set what ran each part", async () => {
  const { document } = await describe(await mergedFile());
  const activities = document["prov:wasGeneratedBy"] as Record<
    string,
    string
  >[];
  assertEquals(
    activities.map(({ name, description }) => [
      name,
      description!.replace(/^.* on (\w+) .*, (\w+ CPU)$/, "$1, $2"),
    ]),
    [
      ["deno task sweep --shard 1/2", "Deno, First CPU"],
      ["npx dupbench sweep --shard 2/2", "Node, Second CPU"],
      ["deno task merge 1-of-2.json 2-of-2.json", "Deno, Merging CPU"],
    ],
  );
});

Deno.test("describeInCroissant() cites in BibTeX that LaTeX sets as it was written, each author once", async () => {
  const { set, bytes } = await readResultFile(quick);
  const { document } = describeInCroissant(bytes, {
    ...set,
    study: { ...set.study, name: "a_b-50%" },
  }, {
    stem: "set",
    url: "https://example.org/a_b?c=%20#d",
    license: await findLicense("MIT"),
    authors: [{ name: "Smith and Sons & Co" }, { name: "Ann {#1}^~$\\" }],
  });
  const [, author, title, url] =
    /author = \{(.*)\}, title = \{(.*)\}, year = \{\d{4}\}, url = \{(.*)\}\}$/
      .exec(JSON.parse(document).citeAs)!;
  assertEquals(
    author,
    "{Smith and Sons \\& Co} and Ann \\#1\\textasciicircum{}\\textasciitilde{}\\$",
  );
  assertEquals(title, 'dupbench result set "a\\_b-50\\%"');
  assertEquals(url, "https://example.org/a_b?c=%20#d");
});
