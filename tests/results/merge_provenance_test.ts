import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { mergeProvenance } from "../../src/results/merge_provenance.ts";
import { mergeResultSets } from "../../src/results/merge_result_sets.ts";
import { resultSetSchema } from "../../src/results/result_set.ts";
import { edited } from "../verify/_frozen.ts";

const part = (path: string, jobs: number) => ({
  path,
  set: edited((set) => set.provenance.jobs = jobs),
});
const parts = [part("a.json", 3), part("b.json", 5)];

Deno.test("mergeProvenance() describes this machine, with the backend and jobs of the parts", async () => {
  const before = Date.now();
  const provenance = await mergeProvenance(parts, { command: ["merge", "x"] });
  assertEquals(provenance.backend, parts[0]!.set.provenance.backend);
  assertEquals(provenance.jobs, 5);
  assertEquals(provenance.command, ["merge", "x"]);
  assertEquals(provenance.dupbench, config.version);
  assertEquals(provenance.deno, Deno.version.deno);
  assertEquals(provenance.arch, Deno.build.arch);
  const finished = Date.parse(provenance.finishedAt);
  assert(finished >= before && finished <= Date.now());
  assertEquals((await mergeProvenance(parts)).command, []);
});

Deno.test("mergeProvenance() is all that mergeResultSets() needs for a valid result set", async () => {
  const merged = mergeResultSets(parts, await mergeProvenance(parts));
  assertEquals(resultSetSchema.parse(merged), merged);
  assertEquals(merged.digest, parts[0]!.set.digest);
});
