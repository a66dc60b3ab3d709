import { assertEquals } from "@std/assert";
import type { Arm } from "../../src/analysis/arm.ts";
import { titlesOf } from "../../src/report/series_panels.ts";
import { plainArm as uniform } from "../analysis/_plain_arm.ts";

const concentrated: Arm = {
  ...uniform,
  policy: "concentrated",
  multiplicity: 10,
};

const titles = (arms: readonly Arm[], by: Parameters<typeof titlesOf>[1]) =>
  titlesOf(
    arms.map((arm) => ({ arm, protocol: JSON.stringify(["", {}, ""]) })),
    by,
  );

Deno.test("titlesOf() has one panel for all policies although only one of them has a multiplicity", () => {
  assertEquals(
    new Set(titles([uniform, concentrated], ["policy"])).size,
    1,
  );
});

Deno.test("titlesOf() names the multiplicity where a policy has several, and where policies are panels", () => {
  assertEquals(
    titles([
      uniform,
      concentrated,
      { ...concentrated, multiplicity: 30 },
    ], ["policy"]),
    ["", "multiplicity 10", "multiplicity 30"],
  );
  assertEquals(titles([uniform, concentrated], ["standIn"]), [
    "uniform",
    "concentrated · multiplicity 10",
  ]);
});
