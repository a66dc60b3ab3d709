/** How the marks of a curve look; `src/report/palette.ts` draws them. */
export type Mark =
  | "circle"
  | "square"
  | "triangle-up"
  | "diamond"
  | "triangle-down"
  | "cross";

/** A name of the experiment's vocabulary, in words for people. */
export interface Term {
  /** As tables, plots and reports call it. */
  readonly title: string;
  /** What it is, in one line without a full stop. */
  readonly meaning: string;
}

/** A name that curves may stand for. */
export interface MarkedTerm extends Term {
  /** What marks its curve. */
  readonly mark: Mark;
}

/** The names of a table, in its order, for `z.enum`. */
export function namesOf<Name extends string>(
  table: Readonly<Record<Name, unknown>>,
): readonly [Name, ...Name[]] {
  return Object.keys(table) as unknown as readonly [Name, ...Name[]];
}

/** What has the properties of every member of a union. */
export type Intersection<U> =
  (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void
    ? I
    : never;
