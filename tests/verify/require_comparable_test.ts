import { assertThrows } from "@std/assert";
import type { AdapterReport } from "../../src/backend/adapter.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { requireComparable } from "../../src/verify/repeat_cells.ts";
import { edited } from "./_frozen.ts";

const here: AdapterReport = {
  vendor: "A",
  architecture: "",
  device: "",
  description: "Adapter A",
  software: false,
  limits: {},
  features: [],
};

/** A merged set, of which the second half of the cells ran on another adapter. */
function merged(adapters: readonly string[]): ResultSet {
  return edited((set) => {
    for (const cell of set.cells) {
      cell.config.backend = "webgpu";
      cell.id = cellId(cell.config);
    }
    const half = set.cells.length / 2;
    set.parts = adapters.map((description, part) => ({
      digest: set.digest,
      provenance: {
        ...set.provenance,
        backend: { name: "webgpu", adapter: { description } },
      },
      cells: set.cells.slice(part * half, (part + 1) * half)
        .map(({ id }) => id),
    }));
  });
}

Deno.test("requireComparable() refuses WebGPU cells of another adapter in a set that has cells of this one, too", () => {
  const all = { cells: "all", seed: 1 } as const;
  requireComparable(merged(["Adapter A", "Adapter A"]), here, all);
  const mixed = merged(["Adapter A", "Adapter B"]);
  assertThrows(
    () => requireComparable(mixed, here, all),
    UsageError,
    'Recorded on the WebGPU adapter "Adapter B", but this machine has "Adapter A"',
  );
  requireComparable(mixed, here, { ...all, tolerance: 0.02 });
  // Of an older set it is not known which cells are of which part.
  for (const part of mixed.parts!) delete part.cells;
  requireComparable(mixed, here, all);
});
