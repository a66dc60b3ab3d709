/**
 * The compiler checks the generator here: each generated type equals what zod
 * infers from its schema, and each union of names the keys of its table.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import type { Arm } from "../../src/analysis/arm_types.ts";
import type { denoBenchSchema } from "../../src/compare/deno_bench.ts";
import type { DenoBench } from "../../src/compare/deno_bench_types.ts";
import type { JsonValue } from "../../src/core/json_value.ts";
import type {
  gaussianPolicies,
  gaussianStandIns,
} from "../../src/gaussian/draw_copies.ts";
import type { gaussianResultSchema } from "../../src/gaussian/gaussian_result.ts";
import type { gaussianStudySchema } from "../../src/gaussian/gaussian_study.ts";
import type {
  GaussianPolicy,
  GaussianResult,
  GaussianStandIn,
  GaussianStudy,
  GaussianStudyInput,
} from "../../src/gaussian/gaussian_types.ts";
import { docComment } from "../../src/generate/doc_comment.ts";
import { typeSource } from "../../src/generate/type_source.ts";
import type {
  duplicationRecordSchema,
  flagNames,
  outcomeSchema,
  timingSchema,
} from "../../src/results/outcome.ts";
import type { provenanceSchema } from "../../src/results/provenance.ts";
import type {
  cellSchema,
  resultSetSchema,
} from "../../src/results/result_set.ts";
import type {
  CellResult,
  DuplicationRecord,
  Flag,
  Outcome,
  Provenance,
  ResultSet,
  Timing,
} from "../../src/results/result_set_types.ts";
import type { attackFamilies } from "../../src/spec/attacks.ts";
import type {
  augmentations,
  borders,
  copyAugmentations,
  flips,
} from "../../src/spec/augmentations.ts";
import type { Point } from "../../src/spec/axes.ts";
import type { budgets } from "../../src/spec/axes/budget.ts";
import type { copyKinds, nearKinds } from "../../src/spec/axes/copies.ts";
import type { dedups } from "../../src/spec/axes/dedup.ts";
import type { modes } from "../../src/spec/axes/mode.ts";
import type { standIns } from "../../src/spec/axes/stand_in.ts";
import type { trainings } from "../../src/spec/axes/training.ts";
import type { backendRequests, backends } from "../../src/spec/backends.ts";
import type { cellConfigSchema } from "../../src/spec/cell_config.ts";
import type { datasets } from "../../src/spec/datasets.ts";
import type { metrics } from "../../src/spec/metrics.ts";
import type * as names from "../../src/spec/names.ts";
import type { layerSchemas, shortcuts } from "../../src/spec/layers.ts";
import type {
  ConvLayer,
  ConvLayerInput,
} from "../../src/spec/network_types.ts";
import type { networks } from "../../src/spec/networks.ts";
import type { decayScopes, optimizers } from "../../src/spec/optimizers.ts";
import type {
  policies,
  PolicyFields,
  policyNames,
} from "../../src/spec/policies.ts";
import type { schedules } from "../../src/spec/schedules.ts";
import type { studySchema } from "../../src/spec/study.ts";
import type {
  CellConfig,
  PolicyOptions,
  Study,
  StudyInput,
} from "../../src/spec/study_types.ts";

/** Whether two types have the same form, `readonly` and `?` included. */
type Same<A, B> = (<T>() => T extends Form<A> ? 1 : 2) extends
  (<T>() => T extends Form<B> ? 1 : 2) ? true : false;

/** A type with every name in it written out, but for JSON, which has no end. */
type Form<T> = [T, JsonValue] extends [JsonValue, T] ? JsonValue
  : T extends object ? { [Key in keyof T]: Form<T[Key]> }
  : T;

/** An arm with these axes. */
type ArmOf<Key extends keyof Point> =
  & { readonly [K in Key]: Point[K] | null }
  & { readonly backend: names.BackendName };

/** Compiles only if the types are the same. */
function same<_ extends true>(): void {}

Deno.test("each generated type has the form that zod infers from its schema", () => {
  same<Same<Study, z.output<typeof studySchema>>>();
  same<Same<StudyInput, z.input<typeof studySchema>>>();
  same<Same<CellConfig, z.output<typeof cellConfigSchema>>>();
  same<Same<ConvLayer, z.output<typeof layerSchemas.conv>>>();
  same<Same<ConvLayerInput, z.input<typeof layerSchemas.conv>>>();
  same<Same<PolicyOptions, z.output<z.ZodObject<PolicyFields>>>>();
  same<Same<Arm, ArmOf<Exclude<keyof Point, "ratio" | "seed">>>>();
  same<Same<DuplicationRecord, z.output<typeof duplicationRecordSchema>>>();
  same<Same<Outcome, z.output<typeof outcomeSchema>>>();
  same<Same<Timing, z.output<typeof timingSchema>>>();
  same<Same<Provenance, z.output<typeof provenanceSchema>>>();
  same<Same<CellResult, z.output<typeof cellSchema>>>();
  same<Same<ResultSet, z.output<typeof resultSetSchema>>>();
  same<Same<GaussianStudy, z.output<typeof gaussianStudySchema>>>();
  same<Same<GaussianStudyInput, z.input<typeof gaussianStudySchema>>>();
  same<Same<GaussianResult, z.output<typeof gaussianResultSchema>>>();
  same<Same<DenoBench, z.output<typeof denoBenchSchema>>>();
});

Deno.test("each generated union has the names of its table", () => {
  same<Same<names.AttackFamilyName, keyof typeof attackFamilies>>();
  same<Same<names.AugmentationName, keyof typeof augmentations>>();
  same<Same<names.BackendName, keyof typeof backends>>();
  same<Same<names.BackendRequest, typeof backendRequests[number]>>();
  same<Same<names.BorderName, keyof typeof borders>>();
  same<Same<names.BudgetName, keyof typeof budgets>>();
  same<Same<names.CoordinateKey, keyof Point | "backend">>();
  same<Same<names.CopyAugmentationName, keyof typeof copyAugmentations>>();
  same<Same<names.CopyKindName, keyof typeof copyKinds>>();
  same<Same<names.DatasetName, keyof typeof datasets>>();
  same<Same<names.DecayScope, keyof typeof decayScopes>>();
  same<Same<names.DedupName, keyof typeof dedups>>();
  same<Same<names.FlipName, keyof typeof flips>>();
  same<Same<names.MetricName, keyof typeof metrics>>();
  same<Same<names.ModeName, keyof typeof modes>>();
  same<Same<names.NearKind, keyof typeof nearKinds>>();
  same<Same<names.Shortcut, keyof typeof shortcuts>>();
  same<Same<names.NetworkName, keyof typeof networks>>();
  same<Same<names.OptimizerName, keyof typeof optimizers>>();
  same<Same<names.PolicyName, typeof policyNames[number]>>();
  same<Same<names.StudyPolicyName, keyof typeof policies>>();
  same<Same<names.ScheduleName, keyof typeof schedules>>();
  same<Same<names.StandInName, keyof typeof standIns>>();
  same<Same<names.TrainingName, keyof typeof trainings>>();
  same<Same<Flag, typeof flagNames[number]>>();
  same<Same<GaussianPolicy, typeof gaussianPolicies[number]>>();
  same<Same<GaussianStandIn, typeof gaussianStandIns[number]>>();
});

Deno.test("Same tells types apart that are assignable to each other", () => {
  type Apart<A, B> = Same<A, B> extends false ? true : false;
  same<Apart<{ a: number }, { readonly a: number }>>();
  same<Apart<{ a?: number }, { a?: number | undefined }>>();
  same<Apart<{ a: { b: unknown } }, { a: { b: string } }>>();
  same<Apart<{ a: "x" | "y" }, { a: "x" }>>();
});

const leaf = z.strictObject({ x: z.number() });
const known = {
  types: [
    { name: "Leaf", about: "A leaf.", schema: leaf },
  ],
  names: [
    {
      name: "Side",
      about: "A side.",
      members: { left: "the left", right: undefined },
    },
  ],
};

Deno.test("typeSource() writes fields with their meanings, names and defaults", () => {
  const schema = z.strictObject({
    leaf: leaf.describe("A leaf of it"),
    leaves: z.array(leaf.nullable()).describe("More of them").optional(),
    kind: z.literal("tree"),
    side: z.enum(["right", "left"]).default("left").describe("Which side"),
    pair: z.tuple([z.int(), z.boolean()]).describe("Two"),
    any: z.record(z.string(), z.json()).describe("Anything"),
  });
  const lines = [
    "  /** A leaf of it. */",
    "  leaf: Leaf;",
    "  /** More of them. */",
    "  leaves?: (Leaf | null)[] | undefined;",
    '  /** Always `"tree"`. */',
    '  kind: "tree";',
  ];
  const rest = [
    "  /** Two. */",
    "  pair: [number, boolean];",
    "  /** Anything. */",
    "  any: Record<string, JsonValue>;",
    "}",
  ];
  assertEquals(
    typeSource({ name: "Tree", about: "A tree.", schema, io: "input" }, known),
    [
      "/** A tree. */",
      "export interface Tree {",
      ...lines,
      '  /** Which side. Default: `"left"`. */',
      "  side?: Side | undefined;",
      ...rest,
    ].join("\n"),
  );
  assertEquals(
    typeSource({ name: "Tree", about: "A tree.", schema }, known),
    [
      "/** A tree. */",
      "export interface Tree {",
      ...lines,
      "  /** Which side. */",
      "  side: Side;",
      ...rest,
    ].join("\n"),
  );
});

Deno.test("typeSource() refuses an object without a name", () => {
  const schema = z.strictObject({ inner: z.strictObject({ x: z.number() }) });
  const error = assertThrows(
    () => typeSource({ name: "Outer", about: "Outer.", schema }, known),
    TypeError,
  );
  assert(error.message.includes("Outer.inner"), error.message);
});

Deno.test("typeSource() refuses a field without a description", () => {
  const schema = z.strictObject({ x: z.number() });
  const error = assertThrows(
    () => typeSource({ name: "Outer", about: "Outer.", schema }, known),
    TypeError,
  );
  assert(error.message.includes("Outer.x"), error.message);
});

Deno.test("docComment() breaks lines at 80 columns and indents list items", () => {
  const text = docComment(
    `${"word ".repeat(20)}end\n\n- ${"item ".repeat(20)}end`,
    "  ",
  );
  assert(text.split("\n").every((line) => line.length <= 80), text);
  assertEquals(
    text.replace(/^ *(\/\*\*|\*\/|\*)?/gm, "").split(/\s+/).filter(Boolean)
      .length,
    43,
  );
  assert(text.includes("\n   *   item"), text);
});
