import { z } from "zod";
import type { Axis } from "../axis.ts";
import { distinctList, laterField } from "../field.ts";
import type { Study } from "../study.ts";
import { type MarkedTerm, namesOf, type Term } from "../term.ts";
import type { CopyKindName, NearKind } from "../names.ts";

export type { CopyKindName, NearKind };

/** What a copy is to its original. */
export const copyKinds = {
  "exact": {
    title: "exact copies",
    meaning: "copies equal their originals byte for byte",
    mark: "circle",
  },
  "near": {
    title: "near copies",
    meaning:
      "copies are near duplicates: mirrored, shifted, brighter or darker, or re-encoded as JPEG",
    mark: "triangle-down",
  },
} as const satisfies Record<string, MarkedTerm>;

/** Ways in which a near duplicate differs from its original. */
export const nearKinds = {
  "flip": { title: "flip", meaning: "mirrored left to right" },
  "shift": {
    title: "shift",
    meaning: "shifted by up to 2 pixels in each direction",
  },
  "brightness": {
    title: "brightness",
    meaning: "5 to 30 % brighter or darker",
  },
  "jpeg": { title: "JPEG", meaning: "encoded as JPEG at quality 50 to 95" },
} as const satisfies Record<string, Term>;

/** Names of the ways in which near duplicates differ. */
export const nearKindNames: readonly [NearKind, ...NearKind[]] = namesOf(
  nearKinds,
);

/** The field of a study that says how near duplicates differ. */
export const nearKindsField: z.ZodOptional<
  z.ZodArray<z.ZodType<NearKind, NearKind>>
> = laterField(distinctList(z.enum(nearKindNames)), {
  meaning: "How near copies differ, each equally likely",
  fallback: "all",
});

/** How the near duplicates of a study differ. */
export function nearKindsOf({ nearKinds }: Study): NearKind[] {
  return nearKinds ?? [...nearKindNames];
}

/** Whether copies equal their originals. */
export const copiesAxis: Axis<
  "copies",
  "copies",
  CopyKindName,
  true,
  Record<never, never>
> = {
  field: "copies",
  key: "copies",
  role: "duplication",
  heading: "copies",
  meaning: "Whether copies are byte-identical or near duplicates",
  entry: z.enum(namesOf(copyKinds)),
  fallback: ["exact"],
  isLater: true,
  shape: {},
  terms: copyKinds,
  usual: "exact",
  resolve: () => ({}),
  valueOf: ({ duplication: { ratio, nearKinds } }) =>
    ratio === 0 ? null : nearKinds === undefined ? "exact" : "near",
  say: (copies) => copyKinds[copies].title,
};
