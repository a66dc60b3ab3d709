import type {
  DuplicateGroup,
  Duplicates,
  GroupPlace,
} from "../detection/find_duplicates.ts";
import { formatTable } from "./table.ts";

/** Where groups are, in the order of the table. */
const places: readonly GroupPlace[] = ["train", "test", "across"];

/** Images of a group that are named. */
const named = 4;

/**
 * What `duplicates` prints: counts by kind and place, how many test images were
 * seen in training, and the first groups of each kind.
 */
export function formatDuplicates(
  { exact, near, nearPairs }: Duplicates,
  { name, rows, near: hasNear, show, ms }: {
    name: string;
    rows: { train: number; test: number };
    near: boolean;
    show: number;
    ms: number;
  },
): string {
  const kinds: [string, DuplicateGroup[]][] = [
    ["exact", exact],
    ...(hasNear ? [["near", near] as [string, DuplicateGroup[]]] : []),
  ];
  const counts = formatTable(
    ["kind", "where", "groups", "images"],
    kinds.flatMap(([kind, groups]) =>
      places.map((place) => {
        const there = groups.filter((group) => group.place === place);
        const images = there.reduce((sum, g) => sum + g.images.length, 0);
        return [kind, place, String(there.length), String(images)];
      })
    ),
    2,
  );
  const seen = new Set(
    kinds.flatMap(([, groups]) => groups)
      .filter(({ place }) => place === "across")
      .flatMap(({ images }) => images.filter(({ split }) => split === "test"))
      .map(({ row }) => row),
  ).size;
  const list = kinds.flatMap(([kind, groups]) =>
    groups.slice(0, show).map((group) => [
      kind,
      group.place,
      group.difference.toFixed(3),
      describeImages(group),
    ])
  );
  return [
    `${name}: ${rows.train} training and ${rows.test} test images searched in ${
      (ms / 1000).toFixed(1)
    } s`,
    "",
    counts,
    "",
    `${
      hasNear ? `${nearPairs} near pairs; ` : ""
    }test images in a group with training images: ${seen} of ${rows.test}`,
    ...(list.length === 0 ? [] : [
      "",
      formatTable(["kind", "where", "difference", "images"], list, 4),
    ]),
    ...kinds.filter(([, { length }]) => length > show).map(([kind, groups]) =>
      `… and ${groups.length - show} more ${kind} groups (--show, --json)`
    ),
  ].join("\n");
}

function describeImages({ images }: DuplicateGroup): string {
  const names = images.slice(0, named).map(({ split, row, label }) =>
    `${split} ${row} ${label}`
  );
  const more = images.length - named;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
