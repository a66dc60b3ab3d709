import { assertEquals, assertMatch } from "@std/assert";
import { parse } from "yaml";
import config from "../deno.json" with { type: "json" };
import { paper } from "../src/export/paper.ts";

const citation = parse(
  await Deno.readTextFile(new URL("../CITATION.cff", import.meta.url)),
);

Deno.test("CITATION.cff has the fields of version 1.2.0, and no others", () => {
  // By the guide to the Citation File Format 1.2.0: the four that are required
  // of every file, and the optional ones that are used.
  const required = ["authors", "cff-version", "message", "title"];
  const used = ["abstract", "keywords", "license", "references"];
  assertEquals(
    Object.keys(citation).sort(),
    [...required, ...used, "type", "version"].sort(),
  );
  assertEquals(citation["cff-version"], "1.2.0");
  assertEquals(citation.type, "software");
  assertEquals(citation.authors, [{ name: "The dupbench developers" }]);
});

Deno.test("CITATION.cff has version and licence of deno.json", () => {
  assertEquals(String(citation.version), config.version);
  assertEquals(citation.license, config.license);
  assertEquals(citation.title, config.name.split("/")[1]);
});

Deno.test("CITATION.cff refers to the same paper as the crates", () => {
  assertEquals(citation.references.length, 1);
  const [reference] = citation.references;
  // Required of a reference.
  assertEquals(reference.type, "conference-paper");
  assertEquals(reference.title, paper.title);
  assertEquals(
    reference.authors.map((one: Record<string, string>) => one["family-names"]),
    paper.authors,
  );
  assertEquals(String(reference.year), paper.year);
  assertEquals(`${reference.start}-${reference.end}`, paper.pages);
  assertEquals(reference.identifiers[0].value, `arXiv:${paper.arxiv}`);
  assertMatch(reference.url, /^https:\/\/arxiv\.org\/abs\//);
  assertEquals(reference.url.endsWith(paper.arxiv), true);
});
