/// <reference lib="dom" />
import type { ComparedValue } from "../../verify/compare_values.ts";
import { element } from "./element.ts";
import { groupOf } from "./words.ts";

/** Tables of what came out: values that differ, counts by group, all values. */
export function showComparison(values: readonly ComparedValue[]): Node[] {
  const different = values.filter(({ isEqual }) => !isEqual);
  const byGroup = Map.groupBy(values, ({ field }) => groupOf(field));
  return [
    ...(different.length === 0 ? [] : [
      table("Values that differ", ["Field", "Recorded", "Here"], {
        rows: different.map(({ field, expected, got }) => [
          field,
          expected,
          got,
        ]),
        isWrong: () => true,
      }),
    ]),
    table("Compared values", ["Part of the record", "Equal bit for bit"], {
      rows: [...byGroup].map(([name, list]) => [
        name,
        `${list.filter(({ isEqual }) => isEqual).length} of ${list.length}`,
      ]),
      isWrong: (row) => {
        const list = byGroup.get(row[0]!)!;
        return list.some(({ isEqual }) => !isEqual);
      },
    }),
    element("details", [
      element("summary", `All ${values.length} values`),
      table("All values", ["Field", "Recorded", "Here"], {
        rows: values.map(({ field, expected, got, isEqual }) => [
          field,
          expected,
          isEqual ? "equal" : got,
        ]),
        isWrong: (row) => row[2] !== "equal",
      }),
    ]),
  ];
}

function table(
  caption: string,
  head: readonly string[],
  { rows, isWrong }: {
    rows: readonly string[][];
    isWrong: (row: readonly string[]) => boolean;
  },
): Node {
  const cells = (row: readonly string[]) =>
    row.map((text, i) =>
      i === 0
        ? element("th", text, { scope: "row" })
        : element("td", text, { "data-head": head[i]! })
    );
  return element("table", [
    element("caption", caption),
    element("thead", [
      element("tr", head.map((text) => element("th", text, { scope: "col" }))),
    ]),
    element(
      "tbody",
      rows.map((row) =>
        element("tr", cells(row), isWrong(row) ? { class: "wrong" } : {})
      ),
    ),
  ], { class: "compared" });
}
