import { markdownCell, markdownText } from "../core/clean_text.ts";
import type { Tolerance } from "./compare_outcomes.ts";
import type {
  ComparedBench,
  ComparedCell,
  ComparedTime,
  Comparison,
} from "./comparison.ts";
import type { JudgedTime, Judgement } from "./judge_times.ts";
import type { RatioEstimate } from "./ratio_estimate.ts";

/** A column of a table of rows. */
interface Column<Row> {
  heading: string;
  text: (row: Row) => string;
  /** Whether it is aligned to the left, as text is; numbers are not. */
  left?: boolean;
}

/**
 * Writes a comparison as Markdown, with tables that are aligned for reading in a
 * terminal. Ratios are times of the compared file over those of the first.
 */
export function formatMarkdown(
  comparison: Comparison,
  judgement?: Judgement,
): string {
  const { files, notes, leftOut } = comparison;
  const parts = [
    `# Comparison with ${markdownText(files[0]!.file)}`,
    formatConditions(comparison),
    ...(comparison.kind === "result sets"
      ? formatCells(comparison.rows, comparison.tolerance)
      : formatBenches(comparison.rows)),
    formatOverall(comparison),
    notes.map((note) => `Note: ${markdownText(note)}.`).join("\n"),
    leftOut.length === 0 ? "" : "Left out:\n\n" +
      leftOut.map(({ file, label, reason }) =>
        `- ${markdownText(`${label}: missing in ${file}: ${reason}`)}`
      ).join("\n"),
    judgement === undefined ? "" : formatJudgement(judgement),
  ];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function formatConditions({ files }: Comparison): string {
  return table(files, [
    { heading: "file", text: ({ file }) => file, left: true },
    { heading: "backend", text: ({ backend }) => backend ?? "", left: true },
    { heading: "processor", text: ({ cpu }) => cpu, left: true },
    { heading: "adapter", text: ({ adapter }) => adapter ?? "", left: true },
    { heading: "engine", text: ({ runtime }) => runtime, left: true },
    { heading: "jobs", text: ({ jobs }) => String(jobs ?? "") },
    { heading: "commit", text: ({ commit }) => commit ?? "", left: true },
  ]);
}

function formatOverall(comparison: Comparison): string {
  const { files: [first], overall } = comparison;
  return overall.map(({ file, time }, i) => {
    const parts = time === null ? [] : [
      `all together ${formatRatio(time)} times the time of ${
        markdownText(first!.file)
      }`,
    ];
    if (comparison.kind === "result sets") {
      const { file: _, ...counts } = comparison.outcomes[i]!;
      const texts = Object.entries(counts).map(([verdict, n]) =>
        `${n} ${verdict}`
      );
      parts.push(`outcomes: ${texts.join(", ")}`);
    }
    return `- ${markdownText(file)}: ${parts.join("; ")}`;
  }).join("\n");
}

function formatCells(
  rows: readonly ComparedCell[],
  { loss, agreement }: Tolerance,
): string[] {
  const scores = [
    ...new Set(
      rows.flatMap((row) => row.accuracies.map(({ evaluation }) => evaluation)),
    ),
  ];
  return [
    "Time per epoch after the first (median), and the ratio with an interval from the spread of the epochs:",
    table(rows, [
      ...labels("cell", rows),
      ...times<ComparedCell>("ms"),
      { heading: "interval", text: ({ time }) => formatInterval(time) },
      {
        heading: "first epoch",
        text: ({ firstEpoch }) => digits(firstEpoch.ratio),
      },
    ]),
    `Outcomes. Within the tolerance, no loss differs by more than ${loss} (relative), and at least ${agreement} of the test images are correct in both or wrong in both. Differences of accuracies as fractions, with the images gained and lost:`,
    table(rows, [
      ...labels("cell", rows),
      { heading: "outcome", text: ({ outcome }) => outcome.verdict },
      {
        heading: "loss difference",
        text: ({ outcome }) => small(outcome.largestLossDifference, loss),
      },
      {
        heading: "agreement",
        text({ outcome: { smallestAgreement: share } }) {
          if (share === null) return "-";
          return tellApart(
            [share, agreement, 1],
            (more) => share.toFixed(3 + more),
          );
        },
      },
      ...scores.map((name): Column<ComparedCell> => ({
        heading: name,
        text({ accuracies }) {
          const found = accuracies.find(({ evaluation }) =>
            evaluation === name
          );
          // Weights of other epochs, for one, are not compared.
          if (found === undefined) {
            return accuracies.length === 0 ? "diverged" : "-";
          }
          const { difference, gained, lost } = found;
          return `${signed(difference)} (+${gained} -${lost})`;
        },
      })),
    ]),
  ];
}

function formatBenches(rows: readonly ComparedBench[]): string[] {
  return [
    "Time per call (average); the ratio is the median of the ratios of average, minimum and p75:",
    table(rows, [
      ...labels("bench", rows),
      ...times<ComparedBench>("ms"),
      { heading: "average", text: ({ ratios }) => digits(ratios.avg) },
      { heading: "minimum", text: ({ ratios }) => digits(ratios.min) },
      { heading: "p75", text: ({ ratios }) => digits(ratios.p75) },
      {
        heading: "calls",
        text: ({ reference, compared }) => `${reference.n}, ${compared.n}`,
      },
    ]),
  ];
}

function formatJudgement(
  { failAbove, slower, unclear }: Judgement,
): string {
  const list = (judged: JudgedTime[]) =>
    judged.map(({ label, file, time }) =>
      `- ${markdownText(`${label}, ${file}`)}: ${formatRatio(time, failAbove)}`
    ).join("\n");
  return [
    slower.length === 0
      ? `Passed: no ratio of times is shown to be above ${failAbove}.`
      : `Failed: these ratios of times are above ${failAbove}:\n\n${
        list(slower)
      }`,
    ...(unclear.length === 0 ? [] : [
      `Above ${failAbove}, but within the noise, so not failed:\n\n${
        list(unclear)
      }`,
    ]),
  ].join("\n\n");
}

function labels<Row extends ComparedTime>(
  heading: string,
  rows: readonly Row[],
): Column<Row>[] {
  const hasSeveral = new Set(rows.map(({ file }) => file)).size > 1;
  return [
    { heading, text: ({ label }) => label, left: true },
    ...(hasSeveral
      ? [{ heading: "file", text: ({ file }: Row) => file, left: true }]
      : []),
  ];
}

function times<Row extends ComparedTime>(unit: string): Column<Row>[] {
  const text = (value: number | null) => value === null ? "-" : digits(value);
  return [
    { heading: `first, ${unit}`, text: ({ referenceMs }) => text(referenceMs) },
    { heading: `this, ${unit}`, text: ({ comparedMs }) => text(comparedMs) },
    { heading: "ratio", text: ({ time }) => text(time?.ratio ?? null) },
  ];
}

function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  // It is read in a terminal as well: no escaped bars.
  const clean = (text: string) => markdownCell(text.replaceAll("|", " "));
  const cells = rows.map((row) => columns.map(({ text }) => clean(text(row))));
  const widths = columns.map(({ heading }, i) =>
    Math.max(3, heading.length, ...cells.map((line) => line[i]!.length))
  );
  const pad = (text: string, i: number) =>
    columns[i]!.left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
  const line = (texts: string[]) => `| ${texts.map(pad).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    columns[i]!.left ? "-".repeat(width) : "-".repeat(width - 1) + ":"
  );
  return [
    line(columns.map(({ heading }) => heading)),
    line(rule),
    ...cells.map(line),
  ].join("\n");
}

/** @param limit What the ratio is judged by; none: it is not judged. */
function formatRatio(time: RatioEstimate, limit?: number): string {
  return digits(time.ratio, limit) +
    (time.interval === null ? "" : ` (${formatInterval(time, limit)})`);
}

function formatInterval(time: ComparedTime["time"], limit?: number): string {
  if (time === null || time.interval === null) return "-";
  const { low, high } = time.interval;
  return `${digits(low, limit)} to ${digits(high, limit)}`;
}

/** Three significant digits, or what tells it from the limit, never in powers of ten. */
function digits(value: number, limit: number = value): string {
  const places = 2 - Math.floor(Math.log10(Math.max(value, 1e-9)));
  const least = Math.min(Math.max(places, 0), 9);
  return limit === value
    ? value.toFixed(least)
    : tellApart([value, limit], (more) => value.toFixed(least + more));
}

function small(value: number, limit: number): string {
  return value === 0
    ? "0"
    : tellApart([value, limit], (more) => value.toExponential(1 + more));
}

/** Digits that are added at most, as many as a number has. */
const MOST_DIGITS = 17;

/**
 * A number with as many digits more as it needs to be on the same side of its limits
 * as the number itself: 1.104, which is above 1.1, is not "1.10".
 *
 * @param format Gives it with so many digits more than usual.
 */
function tellApart(
  [value, ...limits]: readonly [value: number, ...limits: number[]],
  format: (more: number) => string,
): string {
  const isTold = (text: string) =>
    limits.every((limit) =>
      Math.sign(Number(text) - limit) === Math.sign(value - limit)
    );
  let more = 0;
  while (more < MOST_DIGITS && !isTold(format(more))) more++;
  return format(more);
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;
}
