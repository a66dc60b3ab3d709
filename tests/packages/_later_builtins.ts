/** Uses of built-ins that Node 20 lacks, which `builtins_test.ts` must find. */
export function useLaterBuiltins(): unknown[] {
  return [
    new Map([[1, 2]]).values().map((value) => value + 1),
    new Set([1]).union(new Set([2])),
    Object.groupBy([1], () => "a"),
    [...count().take(2)],
  ];
}

function* count() {
  yield 1;
}
