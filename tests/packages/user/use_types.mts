/** A user's program in TypeScript, with types of every module of the library. */
import { analyse, type CellResult, parseStudy, runSweep } from "dupbench";
import type { Attack } from "dupbench/attacks";
import { runCell } from "dupbench/cell";
import { loadDataset } from "dupbench/data";
import { findDuplicates } from "dupbench/detection";
import { planDuplication } from "dupbench/duplication";
import { runGaussian } from "dupbench/gaussian";
import { readResultSet } from "dupbench/results";
import { planCells } from "dupbench/spec";

const study = parseStudy({ name: "x", ratios: [0, 1] });
const ratios: number[] = study.ratios;
// @ts-expect-error A study has no such field, so its type is not any.
study.ratio;

const end = await runSweep(study);
if (end.status === "complete") {
  const cells: CellResult[] = end.set.cells;
  const statements: string[] = analyse([end.set]).claims.map((claim) =>
    claim.statement
  );
  console.log(ratios, cells, statements);
}
export type { Attack };
export {
  findDuplicates,
  loadDataset,
  planCells,
  planDuplication,
  readResultSet,
  runCell,
  runGaussian,
};
