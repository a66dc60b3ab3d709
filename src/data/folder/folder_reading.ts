import { countOf } from "../../core/count_of.ts";
import { describeLeftOut } from "./left_out.ts";

/** How the images of a folder were read. It is no part of the digest. */
export interface FolderReading {
  /** How the folder says what is what. */
  readonly layout:
    | "class folders"
    | "split folders"
    | "manifest"
    | "flat"
    | "array file";
  /** Whether the images came split into training and test images. */
  readonly comesSplit: boolean;
  /** Files that were not read, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** What is wrong with each broken image that was skipped. */
  readonly skipped: readonly string[];
}

/** Most broken images that are named. */
const NAMED = 20;

/** What a user should know of how a folder was read, in lines. */
export function describeReading(
  { leftOut, skipped }: Pick<FolderReading, "leftOut" | "skipped">,
): string[] {
  const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  const more = skipped.length - NAMED;
  return [
    ...(left > 0
      ? [
        `left out ${countOf(left, "file")}: ${describeLeftOut(leftOut)}`,
      ]
      : []),
    ...(skipped.length > 0
      ? [
        `skipped ${countOf(skipped.length, "broken image")}:`,
        ...skipped.slice(0, NAMED).map((problem) => `  ${problem}`),
        ...(more > 0 ? [`  and ${more.toLocaleString("en")} more`] : []),
      ]
      : []),
  ];
}
