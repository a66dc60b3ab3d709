import { formatVerdict } from "../../analysis/format_verdict.ts";
import { verdictOf } from "../../analysis/verdict.ts";
import { canonicalJson } from "../../core/digest.ts";
import { type Dataset, digestDataset } from "../../data/dataset.ts";
import { readResultSet } from "../../results/read_result_set.ts";
import { digestResultSet, type ResultSet } from "../../results/result_set.ts";
import { version } from "../../results/versions.ts";
import type { Study } from "../../spec/study.ts";
import type { CallIo } from "../io.ts";
import { noteDoubts } from "../note_doubts.ts";
import { runWithProgress } from "../run_with_progress.ts";
import { requireOwnReport, writeReport } from "../write_report.ts";
import { planStudy, type StudyRequest } from "./plan_study.ts";

/**
 * Plans a study, says what was found, runs it, answers, and writes the report.
 *
 * @returns The exit code.
 */
export async function runStudy(
  request: StudyRequest,
  io: CallIo,
): Promise<number> {
  const { quiet, jobs, dataDir, margin } = request;
  const { study, dataset, found } = await planStudy(request, io);
  if (!quiet) io.note(found);
  const out = request.out ?? `results/local/${study.name}.json`;
  const report = `${out.slice(0, -".json".length)}-report`;
  await requireOwnReport(io.path(report));
  const known = await readFinished(io.path(out), study, dataset);
  if (known !== undefined && !quiet) {
    io.note(`${out} already has all runs of this study`);
  }
  const end = known ?? await runWithProgress(study, {
    out: io.path(out),
    jobs: jobs ?? io.cores,
    dataDir: dataDir && io.path(dataDir),
    dataset,
    command: ["study", ...io.words],
    cache: request.cache,
    allowLong: request.allowLong,
    quiet,
  }, io);
  if (end.status === "interrupted") return 130;
  const { set } = end;
  io.print(answer(set, margin));
  await writeReport({
    read: [{ set, path: out }],
    out: report,
    margin,
    examples: "they were not requested",
    command: [
      "report",
      out,
      ...(margin === 1 ? [] : [`--margin=${margin}`]),
      "--no-examples",
      "-o",
      report,
    ],
  }, io);
  if (!quiet) io.print(`\ndigest ${set.digest}`);
  io.print(`${quiet ? "\n" : ""}wrote  ${out} and ${report}/report.html`);
  noteDoubts(set, io);
  return end.status === "failed" ? 1 : 0;
}

/** The result set in a file, if it is that of this study on these images. */
async function readFinished(
  path: string,
  study: Study,
  dataset: Dataset,
): Promise<{ status: "complete"; set: ResultSet } | undefined> {
  const set = await readResultSet(path).catch(() => undefined);
  return set !== undefined && set.provenance.dupbench === version &&
      canonicalJson(set.study) === canonicalJson(study) &&
      set.dataset.sha256 === digestDataset(dataset).sha256 &&
      set.shard === undefined &&
      set.cells.every(({ status }) => status === "finished") &&
      digestResultSet(set) === set.digest
    ? { status: "complete", set }
    : undefined;
}

/** The answer in lines. */
function answer(set: ResultSet, margin: number): string {
  const verdict = verdictOf(set, margin);
  if (verdict === null) return "No run was finished that gives an answer.";
  return formatVerdict(verdict).lines.join("\n");
}
