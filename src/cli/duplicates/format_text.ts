import { countOf } from "../../core/count_of.ts";
import { oneLine } from "../../core/clean_text.ts";
import type {
  ExplainedGroup,
  ExplainedImage,
} from "../../detection/explain_groups.ts";
import type {
  DuplicateGroup,
  GroupPlace,
} from "../../detection/find_duplicates.ts";
import { formatTable } from "../table.ts";
import { describeMatch } from "./match_words.ts";
import { type SearchResult, summarise } from "./result.ts";
import { sourceName } from "./source_of.ts";

/** Where groups are, in the order of the table. */
const places: readonly GroupPlace[] = ["train", "test", "across"];

/** Images of a group that are named. */
const named = 6;

/**
 * What `duplicates` prints: counts by kind and place, how many images of the
 * second side are known from the first, how many groups have labels that
 * disagree, and the first groups.
 */
export function formatText(result: SearchResult, show: number): string {
  const { sides, lists, groups, near, removals } = result;
  const { train, test } = sides.dataset;
  const kinds: [string, DuplicateGroup[]][] = [
    ["exact", lists.exact],
    ...(near ? [["near", lists.near] as [string, DuplicateGroup[]]] : []),
  ];
  const counts = formatTable(
    ["kind", "where", "groups", "images"],
    kinds.flatMap(([kind, groups]) =>
      places.map((place) => {
        const there = groups.filter((group) => group.place === place);
        const images = there.reduce((sum, g) => sum + g.images.length, 0);
        return [kind, sides.names[place], String(there.length), String(images)];
      })
    ),
    2,
  );
  const { leakingImages, labelConflicts } = summarise(result);
  const { imagesOf } = sides;
  const lines = [
    `${result.name}: ${train.rows} ${imagesOf.train} and ${test.rows} ${imagesOf.test} images searched in ${
      (result.ms / 1000).toFixed(1)
    } s`,
    ...sides.notes,
    "",
    counts,
    "",
    `${
      near ? `${countOf(lists.nearPairs, "near pair")}; ` : ""
    }${imagesOf.test} images in a group with ${imagesOf.train} images: ${leakingImages} of ${test.rows}`,
    `groups whose labels disagree: ${labelConflicts} of ${groups.length}`,
  ];
  const removed = new Map(removals?.map(({ image, kept }) => [image.at, kept]));
  for (const [i, group] of groups.slice(0, show).entries()) {
    lines.push("", ...formatGroup(group, { number: i + 1, result, removed }));
  }
  if (groups.length > show) {
    lines.push(
      ...(show === 0 ? [] : [""]),
      `… and ${
        countOf(groups.length - show, "more group")
      } (--show, --json, --html)`,
    );
  }
  return lines.join("\n");
}

function formatGroup(
  group: ExplainedGroup,
  { number, result: { sides, removals }, removed }: {
    number: number;
    result: SearchResult;
    removed: ReadonlyMap<number, ExplainedImage | undefined>;
  },
): string[] {
  const { images, place, isConflict, difference } = group;
  const isExact = images.every(({ match }) => match?.reason !== "near");
  const head = [
    `group ${number}: ${isExact ? "exact" : "near"}, ${sides.names[place]}`,
    ...(isConflict ? ["labels disagree"] : []),
    ...(isExact ? [] : [`difference ${difference.toFixed(3)}`]),
  ].join(", ");
  const nameOf = (image: ExplainedImage) => oneLine(sourceName(image, sides));
  const rows = images.slice(0, named).map((image) => [
    ...(removals === undefined
      ? []
      : [removed.has(image.at) ? "remove" : "keep"]),
    sides.names[image.split],
    nameOf(image),
    oneLine(image.label),
    image.match === undefined
      ? ""
      : `${describeMatch(image.match)}${
        image.match.to === 0 ? "" : ` (as ${nameOf(images[image.match.to]!)})`
      }`,
  ]);
  const widths = rows[0]!.map((_, i) =>
    Math.max(...rows.map((row) => row[i]!.length))
  );
  const more = images.length - named;
  return [
    head,
    ...rows.map((row) =>
      `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd()
    ),
    ...(more > 0 ? [`  … and ${countOf(more, "more image")}`] : []),
  ];
}
