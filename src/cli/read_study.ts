import { messageOf, UsageError } from "../core/errors.ts";
import { parseJson, readText } from "../core/read_json.ts";
import { contentName } from "../spec/content_name.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { renewStudy, type Study, studySchema } from "../spec/study.ts";
import type { GivenFlags } from "./command.ts";
import { validate } from "./flags.ts";

/** The study that runs when nothing is asked for. */
const DEFAULT_STUDY = "quick";

/**
 * Finds the study a command line means: a named one, a file's, or the one its
 * flags spell out; flags change the fields of a study. A changed study gets a
 * name of its own, so that it never writes over the result of the other.
 *
 * @param source Name or path of a JSON file; none: `quick` where there are no
 * flags, otherwise the defaults of the schema.
 * @param flags Fields of the study that were given.
 * @throws {UsageError} If there is no such study, or it will not do.
 */
export async function readStudy(
  source: string | undefined,
  flags: GivenFlags,
): Promise<Study> {
  const hasFlags = Object.keys(flags).length > 0;
  if (source === undefined && hasFlags) return named("sweep", flags);
  const base = await findStudy(source ?? DEFAULT_STUDY);
  return hasFlags
    ? named(base.name, { ...applying(base, flags), ...flags })
    : base;
}

/** Fields of a study that only one policy reads. */
const fieldOfPolicy = {
  class: "single-class",
  classWeights: "class-biased",
  multiplicity: "concentrated",
} as const;

/**
 * The study without what other policies than its own make void: nobody asked
 * for that, and it would be refused.
 */
function applying(study: Study, { policy }: GivenFlags): Partial<Study> {
  if (!Array.isArray(policy)) return study;
  const isVoid = (field: string) =>
    Object.hasOwn(fieldOfPolicy, field) &&
    !policy.includes(fieldOfPolicy[field as keyof typeof fieldOfPolicy]);
  return Object.fromEntries(
    Object.entries(study).filter(([field]) => !isVoid(field)),
  );
}

function named(base: string, values: GivenFlags): Study {
  const study = renewStudy(
    validate(studySchema, { name: base, ...values }),
  );
  if (values.name !== undefined && values.name !== base) return study;
  return { ...study, name: contentName(base, study) };
}

async function findStudy(source: string): Promise<Study> {
  const known = Object.hasOwn(namedStudies, source)
    ? namedStudies[source]
    : undefined;
  if (known !== undefined) return known;
  if (!source.endsWith(".json")) {
    throw new UsageError(
      `Cannot find study "${source}": it must be a file ending in .json, or one of ${
        Object.keys(namedStudies).join(", ")
      }`,
    );
  }
  let text;
  try {
    text = await readText(source);
  } catch (error) {
    throw new UsageError(
      `Cannot read study "${source}": ${messageOf(error)}`,
    );
  }
  let values: unknown;
  try {
    values = parseJson(text);
  } catch (error) {
    throw new UsageError(
      `Cannot read study "${source}" as it must be JSON: ${messageOf(error)}`,
    );
  }
  return renewStudy(validate(studySchema, values, `study "${source}"`));
}
