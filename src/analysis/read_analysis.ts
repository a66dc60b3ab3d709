import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { axes } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import { type Analysis, ANALYSIS_SCHEMA } from "./analyse.ts";

/** An object of a file, before its form is known. */
type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads an analysis that `analyse` wrote, of this or an earlier version. An
 * analysis has no digest and is not checked any further: where it matters, make
 * it again from its result sets.
 *
 * @throws {UsageError} If the file is absent, no JSON, no analysis, or of an
 * unknown version.
 */
export async function readAnalysis(path: string): Promise<Analysis> {
  try {
    return toAnalysis(parseJson(await readTextBytes(path)));
  } catch (error) {
    throw new UsageError(
      `Cannot read analysis "${path}": ${messageOf(error)}`,
    );
  }
}

/** Identity of version 2. */
const SECOND = "dupbench/analysis/2";

/**
 * Brings a parsed analysis to the current form. Version 1, which has no field
 * `schema`, names several fields differently. Versions 1 and 2 have no tests over
 * test images, no curvature and no p-values adjusted over claims: these are `null`.
 * Verdicts, rules and sentences stay as they were written.
 *
 * @throws {UsageError} If it is no analysis, or of an unknown version.
 */
export function toAnalysis(value: unknown): Analysis {
  const raw = Object(value) as Raw;
  if (raw["schema"] === ANALYSIS_SCHEMA) {
    return completeArms({ levels: [], ...raw }) as unknown as Analysis;
  }
  if (raw["schema"] === SECOND) {
    return fromSecond(raw) as unknown as Analysis;
  }
  const isFirst = raw["schema"] === undefined && Array.isArray(raw["claims"]) &&
    Array.isArray(raw["doubts"]);
  if (!isFirst) {
    throw new UsageError(
      `"schema" must be "${ANALYSIS_SCHEMA}", got ${
        quotation(JSON.stringify(raw["schema"]) ?? "none")
      }`,
    );
  }
  const { doubts, reach, published, claims, ...rest } = raw;
  return fromSecond({
    ...renameDeep(rest) as Raw,
    claims: (claims as Raw[]).map(fromFirstClaim),
    timeToAccuracy: renameDeep(reach),
    published: fromFirstPublished(published as Raw),
    warnings: doubts,
  }) as unknown as Analysis;
}

/** Version 2, early files of which have no conditions. */
function fromSecond(raw: Raw): unknown {
  const list = (name: string) => raw[name] as Raw[] | undefined ?? [];
  const uncrossed = (one: Raw) => ({ ...one, crossed: null });
  return completeArms({
    ...raw,
    schema: ANALYSIS_SCHEMA,
    levels: [],
    claims: list("claims").map(fromSecondClaim),
    trends: list("trends").map((one) => ({
      ...uncrossed(one),
      curvature: null,
    })),
    contrasts: list("contrasts").map(uncrossed),
    conditions: list("conditions").map(uncrossed),
  });
}

/** The bound of every claim was that of equivalence; no seed was left out. */
function fromSecondClaim({ equivalenceP = null, ...claim }: Raw): Raw {
  const { test, controls = [], informational = [] } = claim;
  const uncrossed = (one: Raw) => ({ ...one, crossed: null });
  return {
    ...claim,
    origin: "paper",
    averagedOver: [],
    omitted: [],
    crossed: null,
    p: (test as Raw | null | undefined)?.["p"] ?? null,
    holmP: null,
    boundP: equivalenceP,
    boundHolmP: null,
    curvature: null,
    seedsLeftOut: 0,
    controls: (controls as Raw[]).map(uncrossed),
    informational: (informational as Raw[]).map(uncrossed),
  };
}

/** What an arm has where its file is older than an axis. */
function usualValues(arm: Raw): Raw {
  return Object.fromEntries(
    axes.flatMap(({ key, isLater, usual, policy }: Axis) =>
      !isLater || usual === undefined ? [] : [[
        key,
        policy === undefined || policy === arm["policy"] ? usual : null,
      ]]
    ),
  );
}

/** Fills in the coordinates of arms that a file is too old to have. */
function completeArms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(completeArms);
  if (typeof value !== "object" || value === null) return value;
  const complete = (arm: unknown) => ({
    ...usualValues(arm as Raw),
    ...arm as Raw,
  });
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "arm"
        ? complete(inner)
        : key === "arms"
        ? (inner as Raw[]).map(complete)
        : completeArms(inner),
    ]),
  );
}

/** Fields that are named differently wherever version 1 has them. */
const renamed: Readonly<Record<string, string>> = {
  equivalence: "equivalenceP",
  bca: "bcaInterval",
  signFlip: "signFlipP",
  holm: "holmP",
};

function renameDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renameDeep);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      renamed[key] ?? key,
      key === "arm" ? fromFirstArm(inner as Raw) : renameDeep(inner),
    ]),
  );
}

/** Near copies were a stand-in before they became a coordinate. */
function fromFirstArm({ standIn, ...arm }: Raw): Raw {
  const isNear = standIn === "near copies";
  return {
    ...arm,
    standIn: isNear ? "copies" : standIn,
    copies: isNear ? "near" : "exact",
  };
}

function fromFirstClaim({ beside, arms, ...claim }: Raw): Raw {
  return {
    ...renameDeep(claim) as Raw,
    arms: (arms as Raw[]).map(fromFirstArm),
    informational: (beside as Raw[]).map(({ what, left, ...trend }) => ({
      ...trend,
      label: what,
      seedsLeftOut: left,
    })),
  };
}

function fromFirstPublished({ rows, ...published }: Raw): Raw {
  return {
    ...published,
    rows: (rows as Raw[]).map(({ here, ...row }) => ({
      ...row,
      measured: here,
    })),
  };
}
