/** What p-values are compared with. */
const LEVEL = 0.05;

/**
 * A p-value with three decimals and no leading 0, as in `.032`, or `< .001`. One
 * just below .05 gets as many more as keep it there: `.050` would contradict a
 * verdict that rests on it.
 */
export function formatP(p: number): string {
  if (p < 0.001) return "< .001";
  let digits = 3;
  while (p < LEVEL && Number(p.toFixed(digits)) >= LEVEL && digits < 17) {
    digits++;
  }
  return p.toFixed(digits).replace(/^0/, "");
}

/** A p-value after its sign, as a sentence has it: `= .032`, or `< .001`. */
export function relateP(p: number): string {
  const text = formatP(p);
  return text.startsWith("<") ? text : `= ${text}`;
}
