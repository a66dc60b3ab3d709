import { outlinePositive } from "./_outline.ts";
import { gaussianPolicies } from "./draw_copies.ts";
import { figureTitle } from "./figure_title.ts";
import { gaussianPolicyTerms, gaussianStandInTerms } from "./gaussian_terms.ts";
import type { LabelledPoint } from "./draw_points.ts";
import type { GaussianStudy } from "./gaussian_study.ts";
import { type Svm, trainSvm } from "./train_svm.ts";
import {
  drawTrainingPoints,
  type GaussianCell,
  type TrainingPoints,
} from "./training_points.ts";

/** Sizes in pixels. */
const [SIDE, GAP, MARGIN, TITLE] = [250, 16, 24, 30];

/** Room for the axis left of the panels, and below each, in pixels. */
const [LEFT, BELOW] = [34, 34];

/** Coordinates that the axes name. */
const TICKS = [-2, 0, 2];

/** Coordinates that a panel shows, both ways. */
const [LOW, HIGH] = [-3, 4];

/** Colours that are distinct in colour blindness (Okabe and Ito 2008), and tints. */
const COLOURS = { [-1]: "#0072b2", [1]: "#d55e00" };
const TINTS = { [-1]: "#d9eaf3", [1]: "#f9e7d9" };

const STYLE = `path,line{fill:none}
.after{stroke:#000;stroke-width:2}
.before{stroke:#000;stroke-width:1.2;stroke-dasharray:5 4}
.seed{stroke:#000;stroke-opacity:.35}
.best{stroke:#009e73;stroke-width:2.5;stroke-dasharray:2 3}
.axis{fill:#444;font-size:12px}
.frame{fill:none;stroke:#888}
.negative{fill:${COLOURS[-1]};fill-opacity:.8}
.positive{fill:${COLOURS[1]};fill-opacity:.8}`;

/** A column of the figure: the machines of all seeds with one number of copies. */
interface Column {
  title: string;
  /** Paths of their boundaries, in the order of the seeds. */
  outlines: string[];
  /** What the first of them was trained on. */
  points: TrainingPoints & {
    /** Points in place of copies, which lie elsewhere. */
    readonly fresh: readonly LabelledPoint[];
  };
}

/**
 * Draws the decision boundaries before and after duplication, as SVG. Above: the
 * first seed, with its training points, whose area grows with their copies.
 * Below: all seeds, with the best possible boundary, x + y = 1. The same study
 * gives the same bytes.
 */
export async function drawBoundaries(study: GaussianStudy): Promise<string> {
  const columns = [
    await trainColumn(study, {
      policy: "balanced",
      standIn: "copies",
      copies: 0,
    }),
  ];
  for (const policy of gaussianPolicies) {
    const copies = study[policy].at(-1)!;
    const standIns = policy === "biased"
      ? ["copies", "fresh"] as const
      : ["copies"] as const;
    for (const standIn of standIns) {
      columns.push(await trainColumn(study, { policy, standIn, copies }));
    }
  }
  const before = columns[0]!.outlines[0]!;
  const width = LEFT + 2 * MARGIN + columns.length * (SIDE + GAP) - GAP;
  const height = 3 * MARGIN + 2 * (TITLE + SIDE + BELOW) + GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${figureTitle}</title>`,
    `<desc>Both coordinates of the points run from ${LOW} to ${HIGH}. Above, the training points of one seed; below, the boundaries of all ${study.seeds.length} seeds. The last column has fresh points of the same classes in place of the copies.</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><clipPath id="panel"><rect width="${SIDE}" height="${SIDE}"/></clipPath></defs>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...columns.flatMap(({ title, outlines, points }, i) => {
      const x = LEFT + MARGIN + i * (SIDE + GAP);
      const isFirst = i === 0;
      return [
        panel([x, MARGIN], `${title}, seed ${study.seeds[0]}`, [
          `<rect width="${SIDE}" height="${SIDE}" fill="${TINTS[-1]}"/>`,
          path("after", outlines[0]!, `style="fill:${TINTS[1]}"`),
          ...(i === 0 ? [] : [path("before", before)]),
          ...points.original.map((point) => mark(point, points.added)),
          ...points.fresh.map((point) => mark(point, [])),
        ], isFirst),
        panel([x, MARGIN + TITLE + SIDE + BELOW + GAP], `${title}, all seeds`, [
          ...outlines.map((outline) => path("seed", outline)),
          line("best", [1 - HIGH, HIGH], [1 - LOW, LOW]),
        ], isFirst),
      ];
    }),
    legend(LEFT + MARGIN, height - MARGIN),
    "</svg>\n",
  ].join("\n");
}

async function trainColumn(
  study: GaussianStudy,
  cell: Omit<GaussianCell, "seed">,
): Promise<Column> {
  const { policy, standIn, copies } = cell;
  const drawn = study.seeds.map((seed) =>
    drawTrainingPoints(study, { seed, ...cell })
  );
  const outlines: string[] = [];
  for (const { original, added } of drawn) {
    outlines.push(outline(await trainSvm([...original, ...added], study)));
  }
  const title = copies === 0
    ? "no copies"
    : standIn === "copies"
    ? `${copies} ${gaussianPolicyTerms[policy].title} copies`
    : `${copies} ${gaussianStandInTerms[standIn].title} instead`;
  const { original, added } = drawn[0]!;
  const isCopied = standIn === "copies";
  return {
    title,
    outlines,
    points: {
      original,
      added: isCopied ? added : [],
      fresh: isCopied ? [] : added,
    },
  };
}

/** Position in a panel, in pixels; a tenth is finer than a screen resolves. */
function pixels(value: number): string {
  return (SIDE * (value - LOW) / (HIGH - LOW)).toFixed(1);
}

/** The same for the second coordinate, which grows upwards. */
function pixelsDown(value: number): string {
  return pixels(LOW + HIGH - value);
}

function outline(svm: Svm): string {
  return outlinePositive(svm, [LOW, HIGH]).map((ring) =>
    `M${ring.map(([x, y]) => `${pixels(x)},${pixelsDown(y)}`).join("L")}Z`
  ).join("");
}

function panel(
  [x, y]: readonly [x: number, y: number],
  title: string,
  content: string[],
  isFirst: boolean,
): string {
  return [
    `<g transform="translate(${x},${y})">`,
    `<text x="${SIDE / 2}" y="${
      TITLE - 10
    }" text-anchor="middle">${title}</text>`,
    `<g transform="translate(0,${TITLE})"><g clip-path="url(#panel)">`,
    ...content,
    `</g><rect class="frame" width="${SIDE}" height="${SIDE}"/>`,
    ...TICKS.flatMap((tick) => axisTick(tick, isFirst)),
    `<text class="axis" x="${SIDE / 2}" y="${
      SIDE + 30
    }" text-anchor="middle">first coordinate, x</text>`,
    ...(isFirst
      ? [
        `<text class="axis" transform="translate(-30,${
          SIDE / 2
        }) rotate(-90)" text-anchor="middle">second coordinate, y</text>`,
      ]
      : []),
    "</g></g>",
  ].join("\n");
}

/** A number on the first axis, and on the second one of the first panel. */
function axisTick(tick: number, isFirst: boolean): string[] {
  const text = `${tick}`.replace("-", "−");
  return [
    `<text class="axis" x="${pixels(tick)}" y="${
      SIDE + 15
    }" text-anchor="middle">${text}</text>`,
    ...(isFirst
      ? [
        `<text class="axis" x="-6" y="${
          Number(pixelsDown(tick)) + 4
        }" text-anchor="end">${text}</text>`,
      ]
      : []),
  ];
}

function path(kind: string, outline: string, style = ""): string {
  return `<path class="${kind}" ${style} d="${outline}"/>`;
}

function line(
  kind: string,
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
): string {
  const [x1, x2] = [pixels(from[0]), pixels(to[0])];
  const [y1, y2] = [pixelsDown(from[1]), pixelsDown(to[1])];
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

/** A disc for class -1, a square for class +1; its area grows with its copies. */
function mark(
  { at: [x, y], label }: LabelledPoint,
  added: readonly LabelledPoint[],
): string {
  const copies = added.filter(({ at }) => at[0] === x && at[1] === y).length;
  const half = 2 * Math.sqrt(1 + copies);
  if (label === -1) {
    // As large as the square.
    const radius = half * 2 / Math.sqrt(Math.PI);
    return `<circle class="negative" cx="${pixels(x)}" cy="${
      pixelsDown(y)
    }" r="${radius.toFixed(1)}"/>`;
  }
  const corner = (centre: string) => (Number(centre) - half).toFixed(1);
  const side = (2 * half).toFixed(1);
  return `<rect class="positive" x="${corner(pixels(x))}" y="${
    corner(pixelsDown(y))
  }" width="${side}" height="${side}"/>`;
}

function legend(x: number, y: number): string {
  const stroke = (kind: string) =>
    `<line class="${kind}" x1="0" y1="-4" x2="24" y2="-4"/>`;
  const entries: [symbol: string, text: string][] = [
    ['<circle class="negative" cx="12" cy="-4" r="5"/>', "class −1"],
    [
      '<rect class="positive" x="8" y="-8.5" width="9" height="9"/>',
      "class +1",
    ],
    [stroke("after"), "boundary"],
    [stroke("before"), "without copies"],
    [stroke("seed"), "of one seed"],
    [stroke("best"), "best possible"],
  ];
  let at = x;
  return entries.map(([symbol, text]) => {
    const entry =
      `<g transform="translate(${at},${y})">${symbol}<text x="30">${text}</text></g>`;
    // Wide enough for any sans-serif at 13 pixels.
    at += 54 + 7.5 * text.length;
    return entry;
  }).join("\n");
}
