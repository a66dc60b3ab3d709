import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { formatResultSet } from "../../src/results/format_result_set.ts";
import {
  type Replacement,
  requireReplaceable,
} from "../../src/results/require_replaceable.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const recorded = await readResultSet(pathOfRecorded("quick-1e218e0d.json"));

/** What would replace it: the same again. */
const same: Replacement = {
  study: recorded.study,
  dataset: recorded.dataset,
  backend: "wasm",
};

async function replace(
  replacement: Replacement,
  edit: (set: ResultSet) => void = () => {},
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const old = structuredClone(recorded);
    edit(old);
    await Deno.writeTextFile(path, formatResultSet(old));
    await requireReplaceable(path, replacement);
  } finally {
    await Deno.remove(path);
  }
}

/** Makes the first cells of a set failed ones. */
const failing = (count: number) => (set: ResultSet) => {
  set.cells = set.cells.map((cell, i) => {
    const { id, config } = cell;
    return i < count ? { id, config, status: "failed", error: "killed" } : cell;
  });
};

Deno.test("requireReplaceable() allows the same study on the same images and backend, with no more failed cells", async () => {
  await replace(same);
  await replace({ ...same, failed: 2 }, failing(2));
  await replace({ ...same, failed: 1 }, failing(2));
  await replace({ ...same, backend: "cpu" }, (set) => set.cells = []);
});

for (
  const { name, replacement, old, fault } of [
    {
      name: "other images, as of another folder by the same study",
      replacement: { dataset: { sha256: "0".repeat(64) } },
      fault:
        /is the result set of other images \(SHA-256 \w{16}, not 0{16}\) and is not replaced/,
    },
    {
      name: "another backend",
      replacement: { backend: "webgpu" },
      fault:
        /is the result set of cells on wasm, not webgpu, and is not replaced/,
    },
    {
      name: "a complete one by one with failed cells",
      replacement: { failed: 1 },
      fault:
        /is a result set with no failed cell, the new one has 1, and is not/,
    },
    {
      name: "one with failed cells by one with more of them",
      replacement: { failed: 3 },
      old: failing(2),
      fault:
        /is a result set with only 2 failed, the new one has 3, and is not/,
    },
  ] as const satisfies readonly {
    name: string;
    replacement: Partial<Replacement>;
    old?: (set: ResultSet) => void;
    fault: RegExp;
  }[]
) {
  Deno.test(`requireReplaceable() refuses to replace a result set of ${name}`, async () => {
    const error = await assertRejects(
      () => replace({ ...same, ...replacement }, old),
      UsageError,
    );
    assertEquals(fault.test(error.message), true, error.message);
    assertEquals(error.fields, ["out"]);
  });
}
