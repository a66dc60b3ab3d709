import { countOf } from "../core/count_of.ts";
import { oneLine } from "../core/clean_text.ts";
import { quoteWord } from "../core/shell_words.ts";
import { namePart, nameShard } from "../results/name_part.ts";
import type { Provenance } from "../results/provenance.ts";
import { repeatCommand } from "../results/repeat_command.ts";
import type { ResultSet } from "../results/result_set.ts";
import { seedsOf } from "../results/seeds_of.ts";
import { describeProtocol } from "./describe_protocol.ts";
import { nameEngine } from "../results/engine_of.ts";

/** What a report says where a command is none that writes result sets. */
const UNKNOWN = "unknown: the recorded command is not one that writes results";

/** Commands, digests, data, versions and machines, as names and values. */
export function describeProvenance(
  set: ResultSet,
  path: string | undefined,
): [name: string, value: string][] {
  const { provenance, digest, dataset, cells, shard, parts } = set;
  const seeds = seedsOf(cells);
  const count = (per: number[]) =>
    per.reduce((sum, rows) => sum + rows, 0).toLocaleString("en");
  const rows: [string, string][] = [
    ["reproduce with", repeatCommand(provenance) ?? UNKNOWN],
    ...(path === undefined ? [] : [
      [
        "verify with",
        `deno task verify ${quoteWord(path)}`,
      ] satisfies [string, string],
    ]),
    ["digest", digest],
    [
      "runs",
      `${cells.length}, ${
        seeds.length === 1 ? "seed" : `${seeds.length} seeds:`
      } ${seeds.join(", ")}${
        shard === undefined ? "" : `; ${nameShard(shard)}`
      }`,
    ],
    [
      "data set",
      `${dataset.name}, ${count(dataset.trainPerClass)} training and ${
        count(dataset.testPerClass)
      } test images${
        dataset.leaksPerClass === undefined
          ? ""
          : `, of which ${
            count(dataset.leaksPerClass)
          } have a duplicate among the training images`
      }`,
    ],
    ["data set SHA-256", dataset.sha256],
    ...describeProtocol(set),
    ...describeMachine(provenance),
    ...describeEarlier(set),
  ];
  // A merged set says where each of its parts ran.
  for (const [i, part] of parts?.entries() ?? []) {
    const { digest, provenance, cells } = part;
    const name = namePart(part, i, parts!.length);
    rows.push(
      ...describeRun(name, digest, provenance),
      ...(cells === undefined
        ? []
        : [[`${name}, runs`, String(cells.length)] satisfies [string, string]]),
      ...describeEarlier(part),
    );
  }
  return sayPackagesOnce(rows)
    .map(([name, value]) => [oneLine(name), oneLine(value)]);
}

/** Lists packages once where several runs that follow each other had the same. */
function sayPackagesOnce(
  rows: readonly [name: string, value: string][],
): [name: string, value: string][] {
  let last = "";
  return rows.map(([name, value]): [string, string] => {
    if (!/(^|, )packages$/.test(name)) return [name, value];
    if (value === last) return [name, "as above"];
    last = value;
    return [name, value];
  });
}

/** Cells that ran before the sweep was resumed, or in earlier sets, and where. */
function describeEarlier(
  { resumed = [], reused = [] }: Pick<ResultSet, "resumed" | "reused">,
): [name: string, value: string][] {
  const interrupted = resumed.flatMap(({ cells, run }) => [
    [
      "cells before an interruption",
      String(cells.length),
    ] satisfies [string, string],
    ...describeRun("cells before an interruption, run", undefined, run),
  ]);
  const taken = reused.flatMap(({ digest, cells, runs }) => [
    [
      "reused cells",
      `${cells.length}, of the set with digest ${digest.slice(0, 16)}`,
    ] satisfies [string, string],
    ...runs.flatMap((run, i) =>
      describeRun(
        `reused cells, ${
          runs.length === 1 ? "run" : `run ${i + 1} of ${runs.length}`
        }`,
        undefined,
        run,
      )
    ),
  ]);
  return [...interrupted, ...taken];
}

/** One run: command and digest, and its machine, each named after the run. */
function describeRun(
  name: string,
  digest: string | undefined,
  provenance: Provenance,
): [name: string, value: string][] {
  const command = repeatCommand(provenance) ?? UNKNOWN;
  return [
    [
      name,
      digest === undefined
        ? command
        : `${command}, digest ${digest.slice(0, 16)}`,
    ],
    ...describeMachine(provenance).map(([key, value]): [string, string] => [
      `${name}, ${key}`,
      value,
    ]),
  ];
}

function describeMachine(p: Provenance): [name: string, value: string][] {
  const list = (record: Record<string, unknown>) =>
    Object.entries(record).map(([name, value]) =>
      `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`
    ).join(", ");
  const { commit, dirty } = p.git ?? { commit: "unknown", dirty: false };
  return [
    ["commit", `${commit}${dirty ? ", with uncommitted changes" : ""}`],
    [
      "versions",
      `dupbench ${p.dupbench}, ${nameEngine(p)}${
        p.v8 === undefined ? "" : `, V8 ${p.v8}`
      }`,
    ],
    ["backend", list(p.backend)],
    [
      "machine",
      `${p.cpu}, ${countOf(p.cores, "core")}, ${p.arch}, ${p.os}; ${
        countOf(p.jobs, "cell")
      } at a time`,
    ],
    ["finished", p.finishedAt],
    ["packages", list(p.packages)],
  ];
}
