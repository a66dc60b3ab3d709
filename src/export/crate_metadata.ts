import { countOf } from "../core/count_of.ts";
import { canonicalJson, sha256 } from "../core/digest.ts";
import { activitiesOf, type Activity } from "../results/activities_of.ts";
import type { Provenance } from "../results/provenance.ts";
import { repeatCommand } from "../results/repeat_command.ts";
import { runsByCell } from "../results/provenances_of.ts";
import type { CellResult, ResultSet } from "../results/result_set.ts";
import { MANIFEST } from "./checksums.ts";
import { paper } from "./paper.ts";
import { type CrateFile, type CrateOptions, METADATA } from "./crate_file.ts";
import { describeSet, licenseUrl } from "./describe_set.ts";
import { engineOf } from "../results/engine_of.ts";

type Entity =
  & { "@id": string; "@type": string | string[] }
  & Record<
    string,
    unknown
  >;

const ref = (id: string) => ({ "@id": id });

const PAPER = `https://arxiv.org/abs/${paper.arxiv}`;

/**
 * The metadata document of a crate: flattened JSON-LD of RO-Crate 1.1 with terms
 * of schema.org. It describes each file, the sweep as a `CreateAction` with the
 * software it ran with, and the images it used.
 *
 * @param files All files except this document and the checksums.
 * @param options `manifestSize`: length of the checksums in bytes. Their digest
 * cannot be given here, as they contain the digest of this document.
 */
export function crateMetadata(
  set: ResultSet,
  files: readonly CrateFile[],
  options: CrateOptions & { manifestSize: number },
): string {
  const manifest: Entity = {
    "@id": MANIFEST,
    "@type": "File",
    name: "Checksums",
    description: "SHA-256 of every other file, for sha256sum -c",
    encodingFormat: "text/plain",
    contentSize: String(options.manifestSize),
  };
  const people = describeAuthors(options);
  const entities: Entity[] = [
    {
      "@id": METADATA,
      "@type": "CreativeWork",
      about: ref("./"),
      conformsTo: ref("https://w3id.org/ro/crate/1.1"),
    },
    describeRoot(set, [...files.map(({ path }) => path), MANIFEST], options),
    ...files.flatMap(describeFile),
    manifest,
    ...people,
    {
      "@id": licenseUrl(options.license),
      "@type": "CreativeWork",
      name: options.license.name,
      description: `${options.license.id}; its text is in LICENSE.txt`,
      identifier: options.license.id,
    },
    ...describeRun(set, files, people),
    ...describePaper(),
  ];
  const context = [
    "https://w3id.org/ro/crate/1.1/context",
    // The context of 1.1 lacks this term of schema.org.
    { sha256: "http://schema.org/sha256" },
  ];
  return JSON.stringify(
    { "@context": context, "@graph": uniqueById(entities) },
    null,
    2,
  ) + "\n";
}

/** A column of both tables is described once. */
function uniqueById(entities: readonly Entity[]): Entity[] {
  const byId = new Map<string, Entity>();
  for (const entity of entities) {
    if (!byId.has(entity["@id"])) byId.set(entity["@id"], entity);
  }
  return [...byId.values()];
}

function describeAuthors({ authors }: CrateOptions): Entity[] {
  return authors.map(({ name, orcid }, i) => ({
    "@id": orcid ?? `#author-${i + 1}`,
    "@type": "Person",
    name,
  }));
}

function describeRoot(
  set: ResultSet,
  parts: readonly string[],
  options: CrateOptions,
): Entity {
  const people = describeAuthors(options).map((author) => ref(author["@id"]));
  const { keywords, ...described } = describeSet(set);
  return {
    "@id": "./",
    "@type": "Dataset",
    ...described,
    license: ref(licenseUrl(options.license)),
    ...(people.length > 0 && { author: people, creator: people }),
    identifier: ref("#digest"),
    keywords: keywords.join(", "),
    citation: [ref(PAPER), ref("#dupbench")],
    hasPart: parts.map(ref),
    mentions: actionsOf(set).map(({ id }) => ref(id)),
    version: set.digest.slice(0, 16),
  };
}

function describeFile(file: CrateFile): Entity[] {
  const { path, bytes, name, description, encodingFormat, columns } = file;
  const described = (columns ?? []).map((column): Entity => ({
    "@id": `#${path}/${column.name}`,
    "@type": "PropertyValue",
    name: column.name,
    description: `${column.description} (${column.type.toLowerCase()})`,
  }));
  return [{
    "@id": path,
    "@type": "File",
    name,
    description,
    encodingFormat,
    contentSize: String(bytes.length),
    sha256: sha256(bytes),
    ...(columns !== undefined && {
      variableMeasured: described.map((column) => ref(column["@id"])),
    }),
  }, ...described];
}

/** What made the set, each with an id of its own. */
function actionsOf(set: ResultSet): (Activity & { id: string })[] {
  const activities = activitiesOf(set);
  return activities.map((activity, i) => ({
    ...activity,
    id: activity.isMerge
      ? "#merge"
      : activities.length === 1
      ? "#sweep"
      : `#sweep-${i + 1}`,
  }));
}

/** Sweep, or sweeps and merge: who did it, with what, when, on what, its result. */
function describeRun(
  set: ResultSet,
  files: readonly CrateFile[],
  people: readonly Entity[],
): Entity[] {
  const { dataset, digest } = set;
  const software = describeSoftware(actionsOf(set));
  return [
    ...actionsOf(set).map((action) =>
      describeAction(action, {
        set,
        files,
        people,
        instrument: software.idOf(action.provenance),
      })
    ),
    ...software.entities,
    {
      "@id": "https://spdx.org/licenses/MIT",
      "@type": "CreativeWork",
      name: "MIT License",
      description: "Licence of the software",
    },
    {
      "@id": "#images",
      "@type": "Dataset",
      name: dataset.name,
      description: `${total(dataset.trainPerClass)} training and ${
        total(dataset.testPerClass)
      } test images. They are not part of this crate; SHA-256 is over decoded pixels and labels`,
      sha256: dataset.sha256,
    },
    property("digest", "digest of the result set (SHA-256)", digest),
  ];
}

function describeAction(
  { id, name, isMerge, provenance }: Activity & { id: string },
  { set, files, people, instrument }: {
    set: ResultSet;
    files: readonly CrateFile[];
    people: readonly Entity[];
    instrument: string;
  },
): Entity {
  // Of which run a cell is, is not always recorded.
  const runs = runsByCell(set);
  const isOf = ({ id }: CellResult) => {
    const [run, ...others] = runs.get(id)!;
    return run === provenance && others.length === 0;
  };
  const starts = isMerge
    ? []
    : set.cells.flatMap((cell) =>
      cell.status === "finished" && isOf(cell) ? [cell.timing.startedAt] : []
    ).sort();
  const { os, arch, cpu, cores, jobs } = provenance;
  return {
    "@id": id,
    "@type": "CreateAction",
    name,
    description:
      `${repeatCommand(provenance) ?? "The command is unknown"}; on ` +
      `${os} (${arch}), ${cpu}, ${countOf(cores, "core")}${
        isMerge ? "" : `, ${countOf(jobs, "job")}`
      }`,
    instrument: ref(instrument),
    ...(people.length > 0 && {
      agent: people.map((person) => ref(person["@id"])),
    }),
    ...(starts.length > 0 && { startTime: starts[0] }),
    endTime: provenance.finishedAt,
    object: [
      ...(isMerge ? [] : [ref("#images")]),
      ref(`data/${set.study.name}.study.json`),
    ],
    result: files.filter(({ name }) => name === "Result set")
      .map(({ path }) => ref(path)),
  };
}

/** The software of each action; actions with the same share its description. */
function describeSoftware(actions: readonly Activity[]) {
  const entities: Entity[] = [];
  const ids = new Map<string, string>();
  const keyOf = ({ dupbench, git, packages, v8, ...rest }: Provenance) =>
    canonicalJson([dupbench, git, packages, v8 ?? null, engineOf(rest)]);
  /** The id, or one with a number where that is taken by something else. */
  const distinct = (entity: Entity): Entity => {
    const same = entities.find((other) =>
      canonicalJson({ ...other, "@id": "" }) ===
        canonicalJson({ ...entity, "@id": "" })
    );
    if (same !== undefined) return same;
    let own = entity;
    for (let n = 2; entities.some((one) => one["@id"] === own["@id"]); n++) {
      own = { ...entity, "@id": `${entity["@id"]}-${n}` };
    }
    entities.push(own);
    return own;
  };
  // That of the whole set first, as what it cites.
  for (const { provenance } of actions.toReversed()) {
    const key = keyOf(provenance);
    if (ids.has(key)) continue;
    const { git, v8, packages } = provenance;
    const engine = engineOf(provenance);
    const requirements = [
      [engine.name, engine.version],
      ...(v8 === undefined ? [] : [["V8", v8]]),
      ...Object.entries(packages),
    ].map(([name, version]) =>
      distinct({
        "@id": `#software-${encodeURIComponent(name!)}`,
        "@type": "SoftwareApplication",
        name,
        // In older records the version is followed by a path within the package.
        softwareVersion: version!.split("/")[0],
      })
    );
    const commit = git === null
      ? undefined
      : distinct(property("commit", "git commit", git.commit));
    const own = distinct({
      "@id": "#dupbench",
      "@type": "SoftwareApplication",
      name: "dupbench",
      description: git === null
        ? "Its commit is unknown"
        : `Commit ${git.commit}${git.dirty ? ", with local changes" : ""}`,
      softwareVersion: provenance.dupbench,
      ...(commit !== undefined && { identifier: ref(commit["@id"]) }),
      license: ref("https://spdx.org/licenses/MIT"),
      citation: ref("dupbench-CITATION.cff"),
      softwareRequirements: requirements.map((entity) => ref(entity["@id"])),
    });
    ids.set(key, own["@id"]);
  }
  return {
    entities,
    idOf: (provenance: Provenance) => ids.get(keyOf(provenance))!,
  };
}

function describePaper(): Entity[] {
  const authors = paper.authors.map((familyName): Entity => ({
    "@id": `#paper-${familyName}`,
    "@type": "Person",
    name: familyName,
    familyName,
  }));
  return [{
    "@id": PAPER,
    "@type": "ScholarlyArticle",
    name: paper.title,
    author: authors.map((author) => ref(author["@id"])),
    datePublished: paper.year,
    description: `${paper.venue} ${paper.year}, pp. ${paper.pages}`,
    identifier: `arXiv:${paper.arxiv}`,
  }, ...authors];
}

function property(id: string, name: string, value: string): Entity {
  return { "@id": `#${id}`, "@type": "PropertyValue", name, value };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
