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

/**
 * Brings a parsed analysis to the current form. Version 1, which has no field
 * `schema`, names several fields differently; its sentences stay as they were
 * written.
 *
 * @throws {UsageError} If it is no analysis, or of an unknown version.
 */
export function toAnalysis(value: unknown): Analysis {
  const raw = Object(value) as Raw;
  if (raw["schema"] === ANALYSIS_SCHEMA) {
    // Absent from early files of this version.
    return completeArms({ conditions: [], ...raw }) as unknown as Analysis;
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
  return completeArms({
    schema: ANALYSIS_SCHEMA,
    ...renameDeep(rest) as Raw,
    conditions: [],
    claims: (claims as Raw[]).map(fromFirstClaim),
    timeToAccuracy: renameDeep(reach),
    published: fromFirstPublished(published as Raw),
    warnings: doubts,
  }) as unknown as Analysis;
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
