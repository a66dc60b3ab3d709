/**
 * Names the fields in which two JSON values differ, such as `epochs` or
 * `training.steps`; a part that only one of them has counts as one field.
 */
export function differingFields(a: unknown, b: unknown, at = ""): string[] {
  if (a === b) return [];
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differingFields(a[key], b[key], at === "" ? key : `${at}.${key}`)
    );
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [at];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
