import { canonicalJson } from "../core/digest.ts";
import { provenancesOf } from "../results/provenances_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { Io } from "./io.ts";

/**
 * Says where WebGPU cells ran on several adapters, those of parts or of cells that
 * earlier sets had: their bits are those of one adapter.
 */
export function noteAdapters(set: ResultSet, io: Pick<Io, "note">): void {
  const adapters = new Set(
    provenancesOf(set).map(({ backend }) => canonicalJson(backend)),
  );
  if (set.cells[0]!.config.backend === "webgpu" && adapters.size > 1) {
    io.note(
      `These cells ran on ${adapters.size} adapters, so it may be impossible to repeat the digest on one of them`,
    );
  }
}
