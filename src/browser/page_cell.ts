import { needsNativeCode } from "../cell/estimate_cell.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { nameCell } from "../spec/name_cell.ts";

/** A cell as a page offers it. */
export interface PageCell {
  /** The cell as it was recorded. */
  readonly recorded: FinishedCell;
  /** What the reader calls it. */
  readonly name: string;
  /** Where its images come from, or `null`: it cannot be run in a browser. */
  readonly images: "page" | "files" | null;
  /** Why it cannot be run. */
  readonly obstacle?: string;
}

/** Describes a cell, and whether and with what images a browser can run it. */
export function pageCell(recorded: FinishedCell): PageCell {
  const { config } = recorded;
  const common = { recorded, name: nameCell(config) };
  const refuse = (obstacle: string): PageCell => ({
    ...common,
    images: null,
    obstacle,
  });
  if (config.backend !== "wasm") {
    return refuse(
      `It ran on the backend "${config.backend}"; this page only runs cells of the backend "wasm", which give the same bits everywhere: verify it on the command line`,
    );
  }
  if (needsNativeCode(recorded)) {
    return refuse(
      "Some of its copies are encoded as JPEG by a native library, which no browser loads: verify it on the command line",
    );
  }
  const { name, leaks } = config.dataset;
  if (name === "cifar10-mini") return { ...common, images: "page" };
  if (leaks === "apart") {
    return refuse(
      "Its test images with duplicates are counted separately, and this page does not search for them: verify it on the command line",
    );
  }
  if (name === "cifar10") return { ...common, images: "files" };
  return refuse(
    `It needs the images of "${name}", which this page neither contains nor reads: verify it on the command line`,
  );
}
