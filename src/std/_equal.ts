import { isDeepStrictEqual } from "node:util";

/**
 * Deep equality as `@std/assert` has it. It differs from Node's strict one in
 * two places: `-0` equals `+0`, and an object without a prototype equals a
 * plain one. Only where Node says "different" are those two smoothed over.
 */
export function equal(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b) ||
    isDeepStrictEqual(smooth(a, new Map()), smooth(b, new Map()));
}

/** A copy in which zeros have no sign and plain objects one prototype. */
function smooth(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Float32Array || value instanceof Float64Array) {
    return keep(value.map((x) => x + 0));
  }
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [k, v] of value) copy.set(smooth(k, seen), smooth(v, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const v of value) copy.add(smooth(v, seen));
    return copy;
  }
  const prototype = Object.getPrototypeOf(value);
  if (
    !Array.isArray(value) && prototype !== null &&
    prototype !== Object.prototype
  ) return value;
  const copy: object = keep(
    Array.isArray(value) ? new Array(value.length) : {},
  );
  for (const key of Reflect.ownKeys(value)) {
    const { enumerable } = Object.getOwnPropertyDescriptor(value, key)!;
    if (enumerable) {
      Object.defineProperty(copy, key, {
        value: smooth(Reflect.get(value, key), seen),
        enumerable,
        writable: true,
        configurable: true,
      });
    }
  }
  return copy;
}
