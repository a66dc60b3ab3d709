import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { contentName } from "../spec/content_name.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { narrowExclude } from "../spec/exclude.ts";
import { renewStudy } from "../spec/renewed_fields.ts";
import { newStudySchema, type Study } from "../spec/study.ts";
import { withoutIdleFields } from "../spec/idle_fields.ts";
import type { CallIo } from "./io.ts";
import { validateInput } from "../spec/validate_input.ts";
import { nearest } from "./nearest.ts";
import { validateOptions } from "./validate.ts";

/** The fields of a study that flags gave. */
export type GivenFields = {
  readonly [F in keyof Study]?: Study[F] | undefined;
};

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
 * @throws {UsageError} If there is no such study, or it is not allowed.
 */
export async function readStudy(
  source: string | undefined,
  flags: GivenFields,
  io: Pick<CallIo, "path">,
): Promise<Study> {
  const hasFlags = Object.keys(flags).length > 0;
  if (source === undefined && hasFlags) return named("sweep", flags);
  const base = await findStudy(source ?? DEFAULT_STUDY, io);
  return hasFlags
    ? named(base.name, { ...applying(base, flags), ...flags })
    : base;
}

/**
 * The study without what a flag makes void, such as the momentum of another
 * optimizer than the flag's, or exclusions of values that it no longer has:
 * nobody asked for that, and it would be refused.
 */
function applying(study: Study, flags: GivenFields): Partial<Study> {
  const { exclude, ...rest } = withoutIdleFields(
    { ...study, ...flags } as Study,
  );
  const narrowed = narrowExclude({ ...rest, exclude });
  return { ...rest, ...(narrowed && { exclude: narrowed }) };
}

function named(base: string, values: GivenFields): Study {
  const study = renewStudy(
    validateOptions({ options: newStudySchema }, { name: base, ...values }),
  );
  if (values.name !== undefined && values.name !== base) return study;
  return { ...study, name: contentName(base, study) };
}

async function findStudy(
  source: string,
  io: Pick<CallIo, "path">,
): Promise<Study> {
  const known = Object.hasOwn(namedStudies, source)
    ? namedStudies[source]
    : undefined;
  if (known !== undefined) return known;
  if (!source.endsWith(".json")) {
    const names = Object.keys(namedStudies);
    const near = nearest(source, names);
    throw new UsageError(
      `Cannot find study "${source}": ${
        near === undefined
          ? `it must be a file ending in .json, or one of ${names.join(", ")}`
          : `did you mean "${near}"?`
      }`,
    );
  }
  let bytes;
  try {
    bytes = await readTextBytes(io.path(source));
  } catch (error) {
    throw new UsageError(
      `Cannot read study "${source}": ${messageOf(error)}`,
    );
  }
  let values: unknown;
  try {
    values = parseJson(bytes);
  } catch (error) {
    throw new UsageError(
      `study "${source}" must be JSON: ${messageOf(error)}`,
    );
  }
  const { schema } = Object(values);
  if (typeof schema === "string" && schema.startsWith("dupbench/")) {
    throw new UsageError(
      `"${source}" is not a study but what dupbench wrote ("${
        quotation(schema)
      }"): save the "study" of a result set as a file`,
    );
  }
  return renewStudy(validateInput(newStudySchema, values, `study "${source}"`));
}
