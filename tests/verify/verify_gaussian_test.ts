import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import {
  type GaussianResult,
  joinGaussianResult,
} from "../../src/gaussian/gaussian_result.ts";
import { gaussianStudySchema } from "../../src/gaussian/gaussian_study.ts";
import { runGaussian } from "../../src/gaussian/run_gaussian.ts";
import { summariseGaussian } from "../../src/gaussian/summarise_gaussian.ts";
import { contentName } from "../../src/spec/content_name.ts";
import { verifyGaussian } from "../../src/verify/verify_gaussian.ts";

const study = gaussianStudySchema.parse({
  points: 8,
  heldOut: 8,
  balanced: [0, 4],
  biased: [0, 4],
  seeds: [1, 2],
});
const result = await runGaussian({
  ...study,
  name: contentName("gaussian", study),
});

const summary = summariseGaussian(result);

/** The file as `gaussian` writes it, changed; the digest is what it was. */
function edited(edit: (result: GaussianResult) => void): unknown {
  const changed = structuredClone(result);
  edit(changed);
  return JSON.parse(JSON.stringify({ ...changed, summary }));
}

/** The same with the digest of what it then holds. */
function forged(edit: (result: GaussianResult) => void): unknown {
  return edited((changed) => {
    edit(changed);
    changed.digest = joinGaussianResult(changed.study, changed.runs).digest;
  });
}

Deno.test("verifyGaussian() repeats every run and the summary", async () => {
  assertEquals(await verifyGaussian(edited(() => {})), {
    faults: [],
    notes: [],
  });
});

Deno.test("verifyGaussian() finds an edited run by the digest", async () => {
  const { faults } = await verifyGaussian(
    edited(({ runs }) => runs[3]!.heldOut[0]++),
  );
  assertEquals(faults.length, 1);
  assertMatch(
    faults[0]!,
    /^digest: expected \w+, computed from the content, got \w+ in the file/,
  );
});

Deno.test("verifyGaussian() finds a forged run by running it again", async () => {
  const right = result.runs[3]!.heldOut[0];
  const { faults } = await verifyGaussian(
    forged(({ runs }) => runs[3]!.heldOut[0]++),
  );
  assertEquals(faults, [
    `run 3.heldOut.0: expected ${
      right + 1
    } as recorded, got ${right} when run again`,
  ]);
  const { faults: missing } = await verifyGaussian(
    forged(({ runs }) => runs.pop()),
  );
  assertMatch(
    missing[0]!,
    /^run 9: expected absent as recorded, got \{"seed":2,/,
  );
});

Deno.test("verifyGaussian() finds an edited study by its name, or by its runs", async () => {
  const { faults } = await verifyGaussian(
    forged(({ study }) => study.cost *= 2),
  );
  assertEquals(faults.length, 1);
  assertMatch(
    faults[0]!,
    /^study\.name: expected "gaussian-\w{8}", computed from the study, got "gaussian-\w{8}" in the file: the study was edited$/,
  );
  const { faults: other } = await verifyGaussian(forged(({ study }) => {
    study.name = "mine";
    study.seeds = [1, 3];
  }));
  assertMatch(
    other[0]!,
    /^run 5\.seed: expected 2 as recorded, got 3 when run again$/,
  );
});

Deno.test("verifyGaussian() notes a study that differs from the shipped one of that name, as the file names no version", async () => {
  const { faults, notes } = await verifyGaussian(
    forged(({ study }) => study.name = "gaussian"),
  );
  assertEquals(faults, []);
  assertMatch(
    notes[0]!,
    /^study\.points: expected 100 as in the study "gaussian" of this version of dupbench, got 8 in the file$/,
  );
});

Deno.test("verifyGaussian() finds an edited summary, by the runs", async () => {
  // deno-lint-ignore no-explicit-any
  const file = edited(() => {}) as any;
  file.summary.verdicts[0].verdict = "supported";
  assertEquals((await verifyGaussian(file)).faults, [
    'summary.verdicts.0.verdict: expected "inconclusive", computed from the runs, got "supported" in the file',
  ]);
  delete file.summary;
  assertEquals((await verifyGaussian(file)).faults, []);
});

Deno.test("verifyGaussian() verifies a file from before verdicts had grounds, and finds edited or missing grounds", async () => {
  type Verdict = Record<string, unknown>;
  const withVerdicts = (edit: (verdict: Verdict) => void) => {
    const file = edited(() => {}) as { summary: { verdicts: Verdict[] } };
    file.summary.verdicts.forEach(edit);
    return verifyGaussian(file);
  };
  const earlier = await withVerdicts((verdict) => {
    for (const field of ["bound", "boundP", "reason"]) delete verdict[field];
  });
  assertEquals(earlier, { faults: [], notes: [] });
  for (
    const edit of [
      (verdict: Verdict) => verdict.boundP = 0.5,
      (verdict: Verdict) => delete verdict.reason,
    ]
  ) {
    const { faults } = await withVerdicts(edit);
    assertEquals(faults.length, 1);
    assertMatch(faults[0]!, /^summary\.verdicts\.0\.(boundP|reason): expected/);
  }
});

Deno.test("verifyGaussian() names the field that is not valid", async () => {
  // deno-lint-ignore no-explicit-any
  const file = edited(() => {}) as any;
  file.runs[0].vectors = -1;
  const error = await assertRejects(() => verifyGaussian(file), UsageError);
  assertMatch(error.message, /^"runs\.0\.vectors": /);
});

Deno.test("verifyGaussian() verifies a file as version 1 wrote it, and finds edits of its summary", async () => {
  // Written by dupbench 0.2.0 and never again.
  const frozen = await Deno.readTextFile(
    new URL("../../fixtures/gaussian-1.json", import.meta.url),
  );
  assertEquals(await verifyGaussian(JSON.parse(frozen)), {
    faults: [],
    notes: [],
  });
  const file = JSON.parse(frozen);
  assertEquals(file.schema, "dupbench/gaussian/1");
  file.summary.trends[0].of = "+1";
  file.summary.verdicts[0].statement = "Copies do no harm";
  const { faults } = await verifyGaussian(file);
  assertEquals(faults, [
    'summary.verdicts.0.statement: expected "Class-biased copies lower accuracy", computed from the runs, got "Copies do no harm" in the file',
  ]);
  file.summary.verdicts[0].statement = "Biased duplicates lower accuracy";
  assertEquals((await verifyGaussian(file)).faults, [
    'summary.trends.0.classes: expected "-1", computed from the runs, got "+1" in the file',
  ]);
  delete file.summary;
  assertEquals((await verifyGaussian(file)).faults, []);
});
