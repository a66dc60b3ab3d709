import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { type Comparison, COMPARISON_SCHEMA } from "./comparison.ts";

/** An object of a file, before its form is known. */
type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads a comparison that `compare` wrote as JSON, of this or an earlier version.
 * Beyond its version its form is not checked.
 *
 * @throws {UsageError} If the file is absent, no JSON, no comparison, or of an
 * unknown version.
 */
export async function readComparison(path: string): Promise<Comparison> {
  try {
    return toComparison(parseJson(await readTextBytes(path)));
  } catch (error) {
    throw new UsageError(
      `Cannot read comparison "${path}": ${messageOf(error)}`,
    );
  }
}

/**
 * Brings a parsed comparison to the current form. In version 1, accuracies have
 * `on` for what was evaluated.
 *
 * @throws {UsageError} If it is no comparison, or of an unknown version.
 */
export function toComparison(value: unknown): Comparison {
  const raw = Object(value) as Raw;
  switch (raw["schema"]) {
    case COMPARISON_SCHEMA:
      return raw as unknown as Comparison;
    case "dupbench/comparison/1":
      return {
        ...raw,
        schema: COMPARISON_SCHEMA,
        rows: (raw["rows"] as Raw[]).map(fromFirstRow),
      } as unknown as Comparison;
    default:
      throw new UsageError(
        `"schema" must be "${COMPARISON_SCHEMA}", got ${
          quotation(JSON.stringify(raw["schema"]) ?? "none")
        }`,
      );
  }
}

function fromFirstRow({ accuracies, ...row }: Raw): Raw {
  return accuracies === undefined ? row : {
    ...row,
    accuracies: (accuracies as Raw[]).map(({ on, ...score }) => ({
      evaluation: on,
      ...score,
    })),
  };
}
