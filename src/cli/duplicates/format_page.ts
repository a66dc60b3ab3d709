import { countOf } from "../../core/count_of.ts";
import { createHash } from "node:crypto";
import { oneLine } from "../../core/clean_text.ts";
import type {
  ExplainedGroup,
  ExplainedImage,
} from "../../detection/explain_groups.ts";
import { escapeHtml } from "../../report/html.ts";
import { version } from "../../results/versions.ts";
import { amplification } from "./draw_pictures.ts";
import { matchWords } from "./match_words.ts";
import { pageScript } from "./page_script.ts";
import { duplicatesCss } from "./page_style.ts";
import { type SearchResult, summarise } from "./result.ts";
import type { Sides } from "./sides.ts";
import { sourceName } from "./source_of.ts";

/** Groups on a page, and images of a group: what a browser shows without delay. */
export const pageLimits = { groups: 2000, images: 24 } as const;

/** How every page of duplicates begins, by which the command knows its own. */
export const pageHead =
  '<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="dupbench duplicates">';

/**
 * What is in the place of a page while its pictures are written: if that ends early,
 * the next call knows them for the command's.
 */
export const unfinishedPage: string = `${pageHead}
<meta charset="utf-8">
<title>Duplicates: not finished</title>
</head>
<body><p>This page is not finished: its pictures were being written.</p></body>
</html>
`;

/** A picture as the page refers to it. */
export interface PictureReference {
  /** Path of the file, relative to the page; a name of ours, never the user's. */
  readonly source: string;
  /** Width on the page. */
  readonly width: number;
  /** Height on the page. */
  readonly height: number;
  /** Whether its pixels are shown as squares. */
  readonly isSmall: boolean;
}

/** The pictures of an image of a group. */
export interface ImagePictures {
  /** The image. */
  readonly image: PictureReference;
  /** What differs from the image that it is matched with, where it is near. */
  readonly difference?: PictureReference;
}

/**
 * The page of duplicates: one file of HTML next to its pictures. Its policy
 * allows only its own style sheet and script, by their digests, and pictures.
 *
 * @param pictures Those of the shown images of each shown group.
 */
export function formatPage(
  result: SearchResult,
  pictures: readonly (readonly ImagePictures[])[],
): string {
  const { sides, groups } = result;
  const summary = summarise(result);
  const leak = sides.hasArchive ? "In the archive" : "Leaks";
  const title = `Duplicates in ${oneLine(result.name)}`;
  const counts: [kind: string, name: string][] = [
    ["all", "All"],
    ["across", leak],
    ["conflict", "Labels disagree"],
    ["exact", "Exact"],
    ["near", "Near"],
  ];
  const kinds = groups.map((group) => kindsOf(group));
  const chips = counts.map(([kind, name]) => {
    const count = kind === "all"
      ? groups.length
      : kinds.filter((list) => list.includes(kind)).length;
    return `<label class="chip"><input type="radio" name="show" value="${kind}"${
      kind === "all" ? " checked" : ""
    }><span>${name} ${count}</span></label>`;
  });
  const removed = new Map(
    result.removals?.map(({ image, kept }) => [image.at, kept]),
  );
  const left = groups.length - pictures.length;
  return `${pageHead}
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; style-src '${
    digestOf(duplicatesCss)
  }'; script-src '${
    digestOf(pageScript)
  }'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}: dupbench</title>
<style>${duplicatesCss}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the groups</a>
<header>
<p class="kicker">dupbench duplicates · ${escapeHtml(oneLine(result.name))}</p>
<h1>${escapeHtml(headline(result))}</h1>
<p class="facts">${escapeHtml(facts(result))}</p>
<p class="small">Next to each near duplicate is its difference from the image that it is compared with, both aligned and at the size of the search (${
    sides.dataset.shape.slice(0, 2).join("×")
  } pixels), amplified ${amplification} times: mid grey means no difference. The number is the size of the difference as a share of the contrast: 0 means equal, 1 unrelated.</p>
</header>
<main id="main" tabindex="-1">
<form class="controls" id="controls" hidden>
<fieldset><legend>Groups</legend>${chips.join("")}</fieldset>
<label class="field"><span>Sort by</span><select name="sort"><option value="first">${
    sides.hasArchive ? "Archive and labels first" : "Leaks and labels first"
  }</option><option value="most">Most images</option><option value="least">Smallest difference</option><option value="largest">Largest difference</option><option value="name">File name</option></select></label>
<label class="field find"><span>Name or reason contains</span><input name="find" type="search" autocomplete="off" spellcheck="false"></label>
</form>
<p class="status" id="status" role="status"></p>
<div id="groups">
${
    pictures.map((list, index) =>
      formatGroup(groups[index]!, {
        number: index + 1,
        pictures: list,
        result,
        kinds: kinds[index]!,
        removed,
        leak,
      })
    ).join("\n")
  }
</div>
${
    left > 0
      ? `<p class="more">${
        countOf(left, "more group is", "more groups are")
      } not on this page; --json lists them.</p>`
      : ""
  }${summary.groups === 0 ? "<p>No duplicates were found.</p>" : ""}
</main>
<footer>Made by dupbench ${
    escapeHtml(version)
  }. Near duplicates have a difference of at most ${result.maxDifference}${
    result.search === "features" ? "; features were also compared" : ""
  }${result.mirrored ? "; mirror images were also compared" : ""}.</footer>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** The digest of an inline style sheet or script, as a policy names it. */
function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function headline(result: SearchResult): string {
  const { groups, leakingImages, labelConflicts } = summarise(result);
  const { sides } = result;
  const known = sides.hasArchive
    ? `${countOf(leakingImages, "new image")} with a duplicate in the archive`
    : `${
      countOf(leakingImages, "test image")
    } with a duplicate among the training images`;
  const parts = [
    countOf(groups, "group of duplicates", "groups of duplicates"),
    ...(leakingImages === 0 ? [] : [known]),
    ...(labelConflicts === 0 ? [] : [
      `${countOf(labelConflicts, "group")} with labels that disagree`,
    ]),
  ];
  return `${parts.join(", ")}.`;
}

function facts(result: SearchResult): string {
  const { dataset: { train, test }, imagesOf } = result.sides;
  const { images, removed } = summarise(result);
  return [
    `${train.rows.toLocaleString("en")} ${imagesOf.train} and ${
      test.rows.toLocaleString("en")
    } ${imagesOf.test} images searched; ${
      images.toLocaleString("en")
    } are in a group`,
    ...(removed === undefined ? [] : [`${removed} to remove`]),
  ].join("; ") + ".";
}

/** What a group can be filtered by. */
function kindsOf({ place, isConflict, images }: ExplainedGroup): string[] {
  const near = images.filter(({ match }) => match?.reason === "near").length;
  return [
    ...(place === "across" ? ["across"] : []),
    ...(isConflict ? ["conflict"] : []),
    ...(near < images.length - 1 ? ["exact"] : []),
    ...(near > 0 ? ["near"] : []),
  ];
}

interface GroupContext {
  readonly number: number;
  readonly pictures: readonly ImagePictures[];
  readonly result: SearchResult;
  readonly kinds: readonly string[];
  readonly removed: ReadonlyMap<number, ExplainedImage | undefined>;
  readonly leak: string;
}

function formatGroup(group: ExplainedGroup, context: GroupContext): string {
  const { number, pictures, result: { sides }, kinds, leak } = context;
  const { images, place, difference, isConflict } = group;
  const tags = [
    ...(place === "across"
      ? [["urgent", sides.hasArchive ? leak : "Leak"]]
      : [["", sides.names[place]]]),
    ...(isConflict ? [["urgent", "Labels disagree"]] : []),
    ...kinds.filter((kind) => kind === "exact" || kind === "near")
      .map((kind) => ["", kind]),
    ...(difference > 0 ? [["", `difference ${difference.toFixed(3)}`]] : []),
  ].map(([name, text]) =>
    `<span class="tag${name === "" ? "" : ` ${name}`}">${text}</span>`
  );
  const more = images.length - pictures.length;
  return `<article class="group" aria-labelledby="group-${number}" data-kinds="${
    kinds.join(" ")
  }" data-difference="${difference}" data-images="${images.length}" data-name="${
    escapeHtml(nameOf(images[0]!, sides))
  }"><h2 id="group-${number}"><span>Group ${number}</span> ${
    tags.join(" ")
  }</h2><ul class="members">${
    pictures.map((shown, index) =>
      formatImage(images[index]!, { shown, group, context })
    ).join("")
  }</ul>${
    more > 0 ? `<p class="more">… and ${countOf(more, "more image")}</p>` : ""
  }</article>`;
}

function formatImage(
  image: ExplainedImage,
  { shown, group, context: { result: { sides, removals }, removed } }: {
    shown: ImagePictures;
    group: ExplainedGroup;
    context: GroupContext;
  },
): string {
  const { match, file, split, label } = image;
  const name = nameOf(image, sides);
  const reference = match && group.images[match.to]!;
  const lines = [
    `<p class="path">${escapeHtml(name)}</p>`,
    `<p>${
      escapeHtml([
        oneLine(label),
        sides.names[split],
        ...(file === undefined ? [] : [
          `${file.width}×${file.height}`,
          `${file.format.toUpperCase()} ${sizeOf(file.bytes)}`,
        ]),
      ].join(" · "))
    }</p>`,
  ];
  if (match !== undefined) {
    const words = matchWords(match).map(({ text }) => text).join(", ");
    lines.push(
      `<p class="why">${
        escapeHtml(
          `${words}${
            match.reason === "near" ? `; ${match.difference.toFixed(3)}` : ""
          }${match.to === 0 ? "" : ` (as ${nameOf(reference!, sides)})`}`,
        )
      }</p>`,
    );
  }
  if (removals !== undefined) {
    lines.push(
      removed.has(image.at)
        ? '<p class="drop">remove</p>'
        : '<p class="stay">keep</p>',
    );
  }
  const pictures = [
    formatPicture(shown.image, name),
    ...(shown.difference === undefined ? [] : [
      formatPicture(
        shown.difference,
        `Difference from ${nameOf(reference!, sides)}`,
      ),
    ]),
  ];
  return `<li${
    match === undefined ? ' class="first"' : ""
  }><div class="pictures">${pictures.join("")}</div>${lines.join("")}</li>`;
}

function formatPicture(
  { source, width, height, isSmall }: PictureReference,
  alt: string,
): string {
  return `<span><img src="${source}" width="${width}" height="${height}" loading="lazy" decoding="async"${
    isSmall ? ' class="small"' : ""
  } alt="${escapeHtml(alt)}"></span>`;
}

/** The file of an image, or its side and its row, on one line. */
function nameOf(image: ExplainedImage, sides: Sides): string {
  const name = oneLine(sourceName(image, sides));
  if (image.path !== undefined) return name;
  const { split } = image;
  // Rows of an array that did not come split are not those of a side.
  const isDrawn = sides.dataset.reading?.comesSplit === false;
  return `${isDrawn ? "row" : sides.names[split]} ${name}`;
}

function sizeOf(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1e6
    ? `${(bytes / 1000).toFixed(bytes < 1e4 ? 1 : 0)} kB`
    : `${(bytes / 1e6).toFixed(1)} MB`;
}
