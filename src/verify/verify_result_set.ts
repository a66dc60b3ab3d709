import type { ResultSet } from "../results/result_set.ts";
import { checkResultSet } from "../results/check_result_set.ts";
import type {
  RepeatedCell,
  Verification,
  VerifyOptions,
} from "./verification.ts";

export type { RepeatedCell, Verification, VerifyOptions };

/**
 * Verifies a result set: first everything that needs no images
 * (`checkResultSet`), then the data set, the plans and some of its cells, run
 * again (`repeatCells`). Each step is taken only if those before found nothing.
 * The engine is loaded only for the second. A cell that failed when it was
 * recorded is a fault, because it proves nothing, but stops no step.
 *
 * @throws {UsageError} If the data set is unavailable.
 * @throws {BackendError} If the backend is unavailable.
 */
export async function verifyResultSet(
  set: ResultSet,
  options: VerifyOptions,
): Promise<Verification> {
  const { faults, notes } = checkResultSet(set);
  if (faults.length > 0) {
    const nothingRun = { repeated: [], identical: 0, notRun: [] };
    return { faults, notes, ...nothingRun, interrupted: false };
  }
  const { repeatCells } = await import("./repeat_cells.ts");
  const repeated = await repeatCells(set, options);
  return { ...repeated, notes: [...notes, ...repeated.notes] };
}
