import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { zipSync } from "fflate";
import { createHash } from "node:crypto";
import jsonld from "jsonld";
import context from "ro-crate/lib/context.json" with { type: "json" };
import * as library from "ro-crate";
import { findLicense } from "../../src/export/license.ts";
import { readCrate } from "../../src/export/read_crate.ts";
import { roCrate } from "../../src/export/ro_crate.ts";
import { digestResultSet } from "../../src/results/result_set.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { readResultFile } from "../../src/results/read_result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { frozenQuickPath } from "../verify/_frozen.ts";
import { merged, quick, troubled } from "./_sets.ts";
import { readZip } from "./_read_zip.ts";

type Entity = Record<string, unknown> & { "@id": string };

const ada = {
  name: "Ada Byron",
  orcid: "https://orcid.org/0000-0002-1825-0097",
};

/** The part of the library's validator used here, which its types leave out. */
interface CrateValidator {
  results: { status: string; message: string; entity?: string }[];
  parseJSON(document: unknown): void;
  checkFiles(files: Record<string, { exists: boolean; isDir: boolean }>): void;
}
const { Validator } = library as unknown as {
  Validator: new (crate: library.ROCrate) => CrateValidator;
};

async function crateOf(
  { set, bytes }: { set: ResultSet; bytes: Uint8Array },
  authors = [ada],
) {
  const license = await findLicense("CC-BY-4.0");
  const zip = roCrate(bytes, set, { license, authors, citation: "title: x\n" });
  const files = await readZip(zip);
  const document = JSON.parse(text(files.get("ro-crate-metadata.json")!));
  const graph = document["@graph"] as Entity[];
  const byId = new Map(graph.map((entity) => [entity["@id"], entity]));
  assertEquals(byId.size, graph.length, "each id is described once");
  return { zip, files, document, graph, byId, set, bytes };
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

function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

for (const [what, read] of inputs) {
  Deno.test(`roCrate() describes exactly its files, with their sizes and digests: ${what}`, async () => {
    const { files, byId } = await crateOf(await read());
    const root = byId.get("./")!;
    const parts = (root["hasPart"] as Entity[]).map((part) => part["@id"]);
    assertEquals(
      [...parts, "ro-crate-metadata.json"].sort(),
      [...files.keys()].sort(),
    );
    for (const part of parts) {
      const entity = byId.get(part)!;
      const bytes = files.get(part)!;
      assertEquals(entity["@type"], "File", part);
      assertEquals(entity["contentSize"], String(bytes.length), part);
      assertMatch(String(entity["encodingFormat"]), /^[a-z]+\/[a-z+]+$/, part);
      if (part === "manifest-sha256.txt") {
        assertEquals(entity["sha256"], undefined, "it holds this document's");
      } else {
        assertEquals(entity["sha256"], sha256(bytes), part);
      }
    }
  });

  Deno.test(`roCrate() has checksums of every other file: ${what}`, async () => {
    const { files } = await crateOf(await read());
    const lines = text(files.get("manifest-sha256.txt")!).split("\n");
    assertEquals(lines.pop(), "");
    const listed = lines.map((line) => /^([0-9a-f]{64}) {2}(.+)$/.exec(line)!);
    assertEquals(
      [...listed.map(([, , path]) => path!), "manifest-sha256.txt"].sort(),
      [...files.keys()].sort(),
    );
    for (const [, digest, path] of listed) {
      assertEquals(sha256(files.get(path!)!), digest, path);
    }
  });

  Deno.test(`roCrate() passes the validator of the RO-Crate library: ${what}`, async () => {
    const { files, document } = await crateOf(await read());
    const validator = new Validator(new library.ROCrate());
    validator.parseJSON(document);
    const present = [...files.keys()].map((path) => [path, {
      exists: true,
      isDir: false,
    }]);
    validator.checkFiles(Object.fromEntries(present));
    const wrong = validator.results.filter(({ status, entity }) =>
      status !== "success" && entity !== "ro-crate-metadata.json"
    );
    assertEquals(wrong, []);
  });

  Deno.test(`roCrate() is flattened JSON-LD in which every term has a meaning: ${what}`, async () => {
    const { document, graph } = await crateOf(await read());
    // The library's own copy of the context, of version 1.2, whose terms
    // include those of 1.1; no network.
    const documentLoader = (url: string) => {
      assertEquals(url, "https://w3id.org/ro/crate/1.1/context");
      return Promise.resolve({
        documentUrl: url,
        document: { "@context": context["@context"] },
      });
    };
    const base = "https://example.org/crate/";
    // Safe mode refuses a term that would be dropped.
    const expanded = await jsonld.expand(document, {
      documentLoader,
      base,
      safe: true,
    });
    const flat = await jsonld.flatten(expanded) as Entity[];
    assertEquals(expanded.length, graph.length, "nothing is nested");
    // What is only referred to is one of the standards by address.
    const described = new Set(expanded.map((entity: Entity) => entity["@id"]));
    const only = flat.map((entity) => entity["@id"]).filter((id) =>
      !described.has(id)
    );
    assertEquals(only, []);
    const referred = [
      ...JSON.stringify(expanded).matchAll(/\{"@id":"([^"]+)"\}/g),
    ]
      .map(([, id]) => id!).filter((id) => !described.has(id));
    assertEquals([...new Set(referred)], ["https://w3id.org/ro/crate/1.1"]);
  });
}

Deno.test("roCrate() names by the specification what it is", async () => {
  const { byId, set } = await crateOf(await readResultFile(quick));
  assertEquals(byId.get("ro-crate-metadata.json"), {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    about: { "@id": "./" },
    conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
  });
  const root = byId.get("./")!;
  assertEquals(root["@type"], "Dataset");
  for (const field of ["name", "description", "keywords"]) {
    assertEquals(String(root[field]).length > 10, true, field);
  }
  assertEquals(root["datePublished"], set.provenance.finishedAt.slice(0, 10));
  assertEquals(root["license"], {
    "@id": "https://spdx.org/licenses/CC-BY-4.0",
  });
  assertEquals(root["author"], [{ "@id": ada.orcid }]);
  assertEquals(byId.get(ada.orcid)!["name"], ada.name);
  assertEquals(
    (root["citation"] as Entity[]).map((work) =>
      byId.get(work["@id"])!["@type"]
    ),
    ["ScholarlyArticle", "SoftwareApplication"],
  );
});

Deno.test("roCrate() tells who made it with what, from what and when", async () => {
  const { byId, set } = await crateOf(await readResultFile(quick));
  const sweep = byId.get("#sweep")!;
  const at = (field: string) =>
    [sweep[field]].flat().map((entity) => byId.get((entity as Entity)["@id"])!);
  assertEquals(sweep["@type"], "CreateAction");
  assertEquals(sweep["endTime"], set.provenance.finishedAt);
  const starts = set.cells.map((cell) =>
    cell.status === "finished" ? Date.parse(cell.timing.startedAt) : Infinity
  );
  assertEquals(Date.parse(String(sweep["startTime"])), Math.min(...starts));
  assertEquals(at("agent").map(({ name }) => name), [ada.name]);
  assertEquals(at("result")[0]!["@id"], "data/quick.json");
  assertEquals(at("object")[0]!["sha256"], set.dataset.sha256);
  const [dupbench] = at("instrument");
  assertEquals(dupbench!["softwareVersion"], set.provenance.dupbench);
  assertEquals(byId.get("#commit")!["value"], set.provenance.git!.commit);
  const software = (dupbench!["softwareRequirements"] as Entity[]).map((one) =>
    byId.get(one["@id"])!
  );
  assertEquals(
    Object.fromEntries(
      software.map(({ name, softwareVersion }) => [name, softwareVersion]),
    ),
    {
      Deno: set.provenance.deno,
      V8: set.provenance.v8,
      ...set.provenance.packages,
    },
  );
});

Deno.test("roCrate() tells of a merged set what ran each part, and apart from that what merged them", async () => {
  const { byId, files } = await crateOf(await mergedFile());
  const mentions = byId.get("./")!["mentions"] as Entity[];
  const told = mentions.map((one) => {
    const { name, description, instrument } = byId.get(one["@id"])!;
    const tool = byId.get((instrument as Entity)["@id"])!;
    const engine = (tool["softwareRequirements"] as Entity[])[0]!;
    const commit = byId.get((tool["identifier"] as Entity)["@id"])!;
    return [
      name,
      String(description).replace(
        /^.*(sweep|merge) .*, (\w+ CPU), .*$/,
        "$1 $2",
      ),
      byId.get(engine["@id"])!["name"],
      commit["value"] === "a".repeat(40),
    ];
  });
  assertEquals(told, [
    ["Sweep, shard 1 of 2", "sweep First CPU", "Deno", false],
    ["Sweep, shard 2 of 2", "sweep Second CPU", "Node", true],
    ["Merge", "merge Merging CPU", "Deno", false],
  ]);
  const page = text(files.get("README.md")!);
  assertMatch(page, /and Deno [\d.]+ or Node 24\.1\.0:/);
  assertMatch(
    page,
    /commands, whose results were joined, were `deno task sweep --shard 1\/2`, `npx dupbench sweep --shard 2\/2`\./,
  );
});

Deno.test("roCrate() names nobody where nobody is given", async () => {
  const { byId } = await crateOf(await readResultFile(quick), []);
  assertEquals(byId.get("./")!["author"], undefined);
  assertEquals(byId.get("#sweep")!["agent"], undefined);
});

for (
  const [path, batching] of [
    [quick, "full"],
    // Recorded before batches were full, which is said, as a new study would
    // have full ones.
    [frozenQuickPath, "partial-last"],
  ] as const
) {
  Deno.test(`roCrate() holds the result set byte for byte, and a study that repeats it, batching ${batching}`, async () => {
    const { files, bytes, set } = await crateOf(await readResultFile(path));
    assertEquals(files.get("data/quick.json"), bytes);
    const again = JSON.parse(text(files.get("data/quick.json")!)) as ResultSet;
    assertEquals(digestResultSet(again), set.digest);
    const study = parseStudy(
      JSON.parse(text(files.get("data/quick.study.json")!)),
    );
    assertEquals(study, { ...set.study, batching });
    assertEquals(
      planCells(study, "wasm").map(({ id }) => id).sort(),
      set.cells.map(({ id }) => id).sort(),
    );
  });
}

for (const name of ["quick", "an-analysis", "a.study"]) {
  Deno.test(`readCrate() finds the result set of the study ${name} in its crate`, async () => {
    const { set } = await readResultFile(quick);
    const { digest: _, ...rest } = { ...set, study: { ...set.study, name } };
    const { bytes, zip } = await crateOf(
      fileOf({ ...rest, digest: digestResultSet(rest) }),
    );
    assertEquals(text(readCrate(zip)), text(bytes));
  });
}

Deno.test("readCrate() refuses a zip with several result sets, or none", () => {
  const zip = (...paths: string[]) =>
    zipSync(Object.fromEntries(paths.map((path) => [path, new Uint8Array(1)])));
  assertThrows(
    () => readCrate(zip("data/a.json", "data/b.json")),
    Error,
    "several result sets",
  );
  assertThrows(
    () => readCrate(zip("data/a.study.json", "data/a-analysis.json")),
    Error,
    "no result set",
  );
});

Deno.test("roCrate() describes each column of its tables, in their order", async () => {
  const { files, byId } = await crateOf(await readResultFile(quick));
  for (const path of ["data/quick.csv", "data/quick-classes.csv"]) {
    const [names] = text(files.get(path)!).split("\r\n", 1);
    const described = (byId.get(path)!["variableMeasured"] as Entity[]).map(
      (column) => byId.get(column["@id"])!,
    );
    assertEquals(described.map(({ name }) => name).join(","), names);
    for (const { "@type": type, description } of described) {
      assertEquals(type, "PropertyValue");
      assertMatch(
        String(description),
        /\w.* \((boolean|int64|double|string)\)$/,
      );
    }
  }
});

Deno.test("roCrate() says in the description and to people what went wrong", async () => {
  const { files, byId } = await crateOf(await troubledFile());
  for (
    const said of [
      String(byId.get("./")!["description"]),
      text(files.get("README.md")!),
    ]
  ) {
    assertMatch(said, /1 of 20 cells failed/);
    assertMatch(said, /1 of 20 cells diverged/);
    assertMatch(said, /1 of 20 cells carry flags/);
  }
});

Deno.test("roCrate() of one cell speaks of one training run", async () => {
  const { set } = await readResultFile(quick);
  const { digest: _, ...one } = { ...set, cells: set.cells.slice(0, 1) };
  const { files, byId } = await crateOf(
    fileOf({ ...one, digest: digestResultSet(one) }),
  );
  assertMatch(
    String(byId.get("./")!["description"]),
    / 1 training run\. Note: 19 of 20 cells of the study are missing\.$/,
  );
  assertMatch(
    text(files.get("README.md")!),
    /^1 training run on cifar10-mini/m,
  );
});

Deno.test("roCrate() says on which machines the digest is the same", async () => {
  const { set } = await readResultFile(quick);
  const readmeOn = async (backend: "wasm" | "webgpu") => {
    const cells = set.cells.map((cell) => ({
      ...cell,
      config: { ...cell.config, backend },
    }));
    const { files } = await crateOf(fileOf({ ...set, cells }));
    return text(files.get("README.md")!);
  };
  assertMatch(
    await readmeOn("wasm"),
    /On the\nbackend wasm the digest must be the same; times differ\./,
  );
  assertMatch(
    await readmeOn("webgpu"),
    /On the\nbackend webgpu and the same adapter the digest must be the same; times differ\./,
  );
});
