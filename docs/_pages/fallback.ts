/**
 * Takes the default off a description that ends in `(default …)`, as those of
 * fields do whose default depends on other fields.
 */
export function splitFallback(
  description: string,
): { meaning: string; fallback?: string } {
  const match = /^(.*) \(default:? (.*)\)$/.exec(description);
  return match === null
    ? { meaning: description }
    : { meaning: match[1]!, fallback: match[2]! };
}
