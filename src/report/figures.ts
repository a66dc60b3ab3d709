import {
  isLikePublished,
  type PublishedComparison,
} from "../analysis/compare_published.ts";
import type { Arm } from "../analysis/seed_curves.ts";
import {
  type Curve,
  drawHeatPanel,
  drawPanel,
  formatChange,
} from "./draw_panel.ts";
import type {
  BandPoint,
  ClassChange,
  ReportSeries,
  StudyReport,
} from "./report_series.ts";

/** One drawing of a figure. */
export interface FigurePanel {
  /** Name of its file, without ending; unique in a report. */
  id: string;
  /** What it is of. */
  title: string;
  /** What it shows, in numbers. */
  alt: string;
  /** SVG for the page. */
  inline: string;
  /** SVG with title and legend, for a file. */
  alone: string;
}

/** Drawings of one thing, with the numbers behind them. */
export interface Figure {
  /** Unique in a report. */
  id: string;
  /** Heading. */
  heading: string;
  /** What is drawn, and how to read it. */
  caption: string;
  /** Small multiples, all on one scale. */
  panels: FigurePanel[];
  /** Names of its curves. */
  legend: string[];
  /** The numbers. */
  table: { head: string[]; rows: string[][] };
}

/** What figures need besides the curves. */
export interface FigureContext {
  /** Names of the classes, where they are known. */
  classNames?: readonly string[] | undefined;
  /** The published figures. */
  published: PublishedComparison;
}

interface PlainPanel {
  title: string;
  curves: Curve[];
}

/** All figures of a study: accuracy, accuracy under attack, time, classes. */
export async function drawFigures(
  report: StudyReport,
  context: FigureContext,
): Promise<Figure[]> {
  const { study, series, sets } = report;
  const metrics = [...new Set(series.map(({ metric }) => metric))];
  const isCifar = sets.every(({ dataset }) => dataset.name === "cifar10");
  const figures: Figure[] = [];
  for (const metric of metrics) {
    const chosen = series.filter((s) => s.metric === metric);
    const isTime = metric === "epoch time";
    const panels = panelsOf(isTime ? chosen.filter(hasCopies) : chosen, {
      byBackend: !isTime,
    });
    let isOverlaid = false;
    if (isCifar) {
      for (const { arms, curves } of panels) {
        const points = publishedPoints(arms, metric, context.published);
        if (points.length === 0) continue;
        curves.push({ name: "published", points });
        isOverlaid = true;
      }
    }
    if (panels.length === 0) continue;
    figures.push(
      await drawLines(panels, {
        id: slug(`${study} ${metric}`),
        heading: headings[metric] ?? `Accuracy under ${metric}`,
        yTitle: isTime ? "seconds an epoch" : "accuracy, %",
        caption: captionOf(metric, chosen) +
          (isOverlaid
            ? ` Crosses are the paper's points (${context.published.source}), one seed each on all 50,000 training images; the runs here had ${
              [...new Set(sets.map(trainingImages))].join(" or ")
            }.`
            : ""),
        isTime,
      }),
    );
  }
  const heat = await drawHeat(report, context);
  return heat === undefined ? figures : [...figures, heat];
}

/** How many training images a result set's data had, as text. */
function trainingImages({ dataset }: StudyReport["sets"][number]): string {
  return dataset.trainPerClass.reduce((sum, rows) => sum + rows, 0)
    .toLocaleString("en");
}

const headings: Record<string, string> = {
  "clean": "Clean accuracy",
  "worst case": "Accuracy in the worst case over all attacks",
  "epoch time": "Time of an epoch",
};

function captionOf(metric: string, chosen: readonly ReportSeries[]): string {
  const counts = chosen.flatMap(({ points }) => points.map((p) => p.seeds));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const spread = most === 1
    ? "One seed: there is no interval."
    : `Points are means over ${seeds} seeds, bands their 95 % t intervals.`;
  const wide = fewest === 2
    ? " With two seeds an interval is so wide that it may leave the plot."
    : "";
  const what = metric === "epoch time"
    ? "The median epoch of each run but its first, on the machines under Provenance."
    : metric === "worst case"
    ? "An image counts if it is classified correctly, clean and under every attack."
    : "Per cent of the test images.";
  return `${what} ${spread}${wide}`;
}

function hasCopies({ arm }: ReportSeries): boolean {
  return arm.mode === "add" &&
    (arm.standIn === "copies" || arm.standIn === "near copies");
}

/** Name of a curve within its panel. */
function curveName({ standIn, mode }: Arm): string {
  return mode === "replace" ? `${standIn}, replacing` : standIn;
}

/** One panel for each way to train, policy and whatever else must be apart. */
function panelsOf(
  series: readonly ReportSeries[],
  { byBackend }: { byBackend: boolean },
): (PlainPanel & { arms: Arm[] })[] {
  const protocols = [...new Set(series.map(({ protocol }) => protocol))];
  const bodies = [...new Set(protocols.map(bodyOf))];
  const partsOf = ({ arm, protocol }: ReportSeries) => [
    `${arm.training} training`,
    arm.policy,
    // A set that keeps its size has equal steps and epochs: it goes with both.
    `equal ${arm.budget}`,
    arm.dedup === "none" ? "nothing removed" : `${arm.dedup} removed`,
    arm.model,
    byBackend ? arm.backend : "",
    `protocol ${bodies.indexOf(bodyOf(protocol)) + 1}`,
  ];
  const varies = series.length === 0
    ? []
    : partsOf(series[0]!).map((_, i) =>
      i < 2 || new Set(series.map((s) => partsOf(s)[i])).size > 1
    );
  const panels = new Map<string, PlainPanel & { arms: Arm[] }>();
  for (const one of series) {
    const title = partsOf(one).filter((_, i) => varies[i]).join(" · ");
    const panel = panels.get(title) ?? { title, curves: [], arms: [] };
    panels.set(title, panel);
    panel.curves.push({
      name: byBackend ? curveName(one.arm) : one.arm.backend,
      points: one.points,
    });
    panel.arms.push(one.arm);
  }
  return [...panels.values()];
}

/** A protocol less what an arm says already, to tell those that differ else. */
function bodyOf(protocol: string): string {
  const [data, rest, augmentation] = JSON.parse(protocol);
  const { model: _, training: __, backend: ___, dedup: ____, ...body } = rest;
  return JSON.stringify([data, body, augmentation]);
}

/** The paper's points of these arms, none where none is like them. */
function publishedPoints(
  arms: readonly Arm[],
  metric: string,
  { rows }: PublishedComparison,
): BandPoint[] {
  return rows.flatMap(({ training, ratio, clean, adversarial }) => {
    const isSame = arms.some((arm) =>
      isLikePublished(arm, training) && arm.model === `published-${training}`
    );
    // The paper's attack was PGD.
    const value = metric === "clean"
      ? clean
      : metric.startsWith("pgd-")
      ? adversarial
      : null;
    return !isSame || value === null
      ? []
      : [{ ratio, seeds: 1, mean: value, low: null, high: null }];
  });
}

async function drawLines(
  panels: readonly PlainPanel[],
  { id, heading, yTitle, caption, isTime }: {
    id: string;
    heading: string;
    yTitle: string;
    caption: string;
    isTime: boolean;
  },
): Promise<Figure> {
  const scaled = panels.map(({ title, curves }) => ({
    title,
    curves: isTime
      ? curves.map(({ name, points }) => ({
        name,
        points: points.map((point) => ({
          ...point,
          mean: point.mean / 1000,
          low: point.low === null ? null : point.low / 1000,
          high: point.high === null ? null : point.high / 1000,
        })),
      }))
      : curves,
  }));
  const domain = domainOf(
    scaled.flatMap(({ curves }) => curves.flatMap(({ points }) => points)),
    isTime,
  );
  const drawn: FigurePanel[] = [];
  for (const { title, curves } of scaled) {
    const panel = { title: `${heading}: ${title}`, curves, yTitle, domain };
    drawn.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `${heading}, ${title}. ${describe(curves, isTime)}`,
      inline: await drawPanel(panel, { alone: false }),
      alone: await drawPanel(panel, { alone: true }),
    });
  }
  return {
    id,
    heading,
    caption,
    panels: drawn,
    legend: [
      ...new Set(scaled.flatMap(({ curves }) => curves.map((c) => c.name))),
    ],
    table: {
      head: [
        "runs",
        "curve",
        "ratio",
        "seeds",
        isTime ? "mean, s" : "mean, %",
        "95 % interval",
      ],
      rows: scaled.flatMap(({ title, curves }) =>
        curves.flatMap(({ name, points }) =>
          points.map((point) => [
            title,
            name,
            String(point.ratio),
            String(point.seeds),
            rounded(point.mean, isTime),
            intervalOf(point, isTime),
          ])
        )
      ),
    },
  };
}

/**
 * Ends of an axis that hold every mean, and every interval of three seeds or
 * more; times start at 0.
 */
export function domainOf(
  points: readonly BandPoint[],
  fromZero: boolean,
): [low: number, high: number] {
  const values = points.flatMap(({ seeds, mean, low, high }) =>
    seeds > 2 ? [mean, low!, high!] : [mean]
  );
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (fromZero) return [0, most * 1.1];
  const pad = Math.max(0.1 * (most - least), 2);
  return [
    Math.max(0, Math.floor(least - pad)),
    Math.min(100, Math.ceil(most + pad)),
  ];
}

/** Both ends of each curve, in a sentence. */
function describe(curves: readonly Curve[], isTime: boolean): string {
  const unit = isTime ? "s" : "%";
  return curves.map(({ name, points }) => {
    const ends = points.length > 1 ? [points[0]!, points.at(-1)!] : points;
    return `${name}: ${
      ends.map((point) =>
        `${rounded(point.mean, isTime)} ${unit}${
          point.low === null ? "" : ` (${intervalOf(point, isTime)})`
        } at ratio ${point.ratio}`
      ).join(", ")
    }.`;
  }).join(" ");
}

function rounded(value: number, isTime: boolean): string {
  return isTime && value < 10 ? value.toFixed(2) : value.toFixed(1);
}

function intervalOf({ low, high }: BandPoint, isTime: boolean): string {
  return low === null || high === null
    ? "one value"
    : `${rounded(low, isTime)} to ${rounded(high, isTime)}`.replaceAll(
      "-",
      "−",
    );
}

async function drawHeat(
  { study, classes }: StudyReport,
  { classNames }: FigureContext,
): Promise<Figure | undefined> {
  const chosen = classes.filter(({ arm }) =>
    arm.mode === "add" &&
    (arm.standIn === "copies" || arm.standIn === "near copies")
  );
  if (chosen.length === 0) return undefined;
  const nameOf = (label: number) => classNames?.[label] ?? `class ${label}`;
  const groups = new Map<string, ClassChange[]>();
  const varies = (of: (change: ClassChange) => string) =>
    new Set(chosen.map(of)).size > 1;
  const parts: [(change: ClassChange) => string, boolean][] = [
    [({ arm }) => `${arm.training} training`, true],
    [({ arm }) => arm.policy, true],
    [({ arm }) => arm.standIn, varies(({ arm }) => arm.standIn)],
    [({ arm }) => `equal ${arm.budget}`, varies(({ arm }) => arm.budget)],
    [({ arm }) => `${arm.dedup} removed`, varies(({ arm }) => arm.dedup)],
    [({ arm }) => arm.model, varies(({ arm }) => arm.model)],
    [({ arm }) => arm.backend, varies(({ arm }) => arm.backend)],
  ];
  for (const change of chosen) {
    const title = parts.filter(([, shown]) => shown)
      .map(([of]) => of(change)).join(" · ");
    groups.set(title, [...groups.get(title) ?? [], change]);
  }
  const reach = Math.max(1, ...chosen.map(({ mean }) => Math.abs(mean)));
  const id = slug(`${study} classes`);
  const panels: FigurePanel[] = [];
  for (const [title, changes] of groups) {
    const names = [...new Set(changes.map((c) => nameOf(c.class)))];
    const panel = {
      title: `Change of accuracy by class: ${title}`,
      names,
      reach,
      cells: changes.map(({ class: label, ratio, mean }) => ({
        name: nameOf(label),
        ratio,
        mean,
      })),
    };
    const sorted = changes.toSorted((a, b) => a.mean - b.mean);
    const tell = ({ class: label, ratio, mean }: ClassChange) =>
      `${formatChange(mean)} points for ${nameOf(label)} at ratio ${ratio}`;
    panels.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `Change of accuracy by class, ${title}: from ${
        tell(sorted[0]!)
      } to ${tell(sorted.at(-1)!)}.`,
      inline: await drawHeatPanel(panel, { alone: false }),
      alone: await drawHeatPanel(panel, { alone: true }),
    });
  }
  return {
    id,
    heading: "Change of accuracy by class",
    caption:
      "Clean accuracy less that of the same seed at ratio 0, mean over seeds, in points: orange is a loss, blue a gain, the shade by its square root, and the number says how much. A class has few test images, so single cells vary a good deal.",
    panels,
    legend: [],
    table: {
      head: ["runs", "class", "ratio", "seeds", "change", "95 % interval"],
      rows: [...groups].flatMap(([title, changes]) =>
        changes.map((change) => [
          title,
          nameOf(change.class),
          String(change.ratio),
          String(change.seeds),
          formatChange(change.mean),
          change.low === null
            ? "one value"
            : `${formatChange(change.low)} to ${formatChange(change.high!)}`,
        ])
      ),
    },
  };
}

/** Text as the name of a file or anchor. */
export function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
