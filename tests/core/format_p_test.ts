import { assertEquals } from "@std/assert";
import { formatP } from "../../src/core/format_p.ts";

Deno.test("formatP() has three decimals, and never rounds a p below .05 to it", () => {
  const cases: [number, string][] = [
    [0, "< .001"],
    [0.00099, "< .001"],
    [0.001, ".001"],
    [0.0321, ".032"],
    [0.0494, ".049"],
    [0.0496, ".0496"],
    [0.04996, ".04996"],
    [0.05, ".050"],
    [0.0504, ".050"],
    [0.9996, "1.000"],
    [1, "1.000"],
  ];
  for (const [p, text] of cases) assertEquals(formatP(p), text);
});
