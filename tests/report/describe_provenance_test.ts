import { assertEquals } from "@std/assert";
import { describeProvenance } from "../../src/report/describe_provenance.ts";
import { readRecorded } from "../recorded_sets.ts";

const set = await readRecorded("quick");

Deno.test("describeProvenance() names each part of a merged set, whether it is a shard or not", () => {
  const { digest, provenance } = set;
  const merged = {
    ...set,
    parts: [
      { digest, provenance },
      { digest, provenance, shard: { index: 2, count: 3 } },
      { digest, provenance },
    ],
  };
  const names = describeProvenance(merged, undefined).map(([name]) => name);
  assertEquals(
    names.filter((name) => /^(part|shard)[^,]*$/.test(name)),
    ["part 1 of 3", "shard 2 of 3", "part 3 of 3"],
  );
});
