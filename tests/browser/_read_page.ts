/// <reference lib="dom" />

/** What a reader sees of a page that verifies. */
export interface Seen {
  readonly verdict: string;
  readonly explanation: string;
  /** Rows of the table of values that differ: field, recorded, here. */
  readonly different: string[][];
  /** Count of rows of the table of all values. */
  readonly values: number;
  /** Points of the loss curve. */
  readonly points: number;
  /** Id of the element with the focus. */
  readonly focused: string;
}

/** Reads the page; stands alone, as it runs in the browser. */
export function readPage(): Seen {
  const textOf = (id: string) => document.getElementById(id)!.textContent ?? "";
  const rowsOf = (caption: string) => {
    const table = [...document.querySelectorAll("table")].find((table) =>
      table.caption?.textContent === caption
    );
    return [...table?.querySelectorAll("tbody tr") ?? []].map((row) =>
      [...row.children].map((cell) => cell.textContent ?? "")
    );
  };
  const points = document.querySelector("#curve polyline")
    ?.getAttribute("points") ?? "";
  return {
    verdict: textOf("verdict"),
    explanation: textOf("explanation"),
    different: rowsOf("Values that differ"),
    values: rowsOf("All values").length,
    points: points.split(" ").filter((point) => point !== "").length,
    focused: document.activeElement?.id ?? "",
  };
}
