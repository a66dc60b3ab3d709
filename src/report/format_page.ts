import png from "imagescript/png/node.js";
import { claims } from "../analysis/claims.ts";
import { controlPhrases } from "../analysis/format_analysis.ts";
import { metricUnits } from "../analysis/metric.ts";
import type { ClaimResult } from "../analysis/judge_claim.ts";
import type { CellExamples } from "../sweep/make_examples.ts";
import type { Figure } from "./figures.ts";
import { slug } from "./figures.ts";
import { legendMark, pageCss } from "./page_style.ts";
import { describeProvenance, type ReportContent } from "./report_content.ts";

/**
 * A report as one page of HTML that needs nothing else: no script, no network,
 * no other file.
 */
export function formatPage(content: ReportContent): string {
  const { studies, analysis, examples, version, command } = content;
  const title = studies.map(({ study }) => study).join(", ");
  const sets = studies.flatMap(({ sets }) => sets);
  const [first] = studies;
  const lead = studies.length === 1
    ? first!.sets[0]!.study.description ?? ""
    : `What duplicated training images do to an image classifier: ${title}.`;
  const cells = sets.reduce((sum, set) => sum + set.cells.length, 0);
  const links = [
    ["verdicts", "Verdicts"],
    ...studies.map(({ study }) => [slug(`study ${study}`), study]),
    ["examples", "Example images"],
    ["reliability", "Reliability"],
    ["provenance", "Provenance"],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}: dupbench report</title>
<style>${pageCss}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<p class="kicker">dupbench ${escapeHtml(version)} report</p>
<h1>${
    studies.length === 1 ? escapeHtml(title) : `${studies.length} studies`
  }</h1>
<p>${escapeHtml(lead)}</p>
<p class="facts">${cells} training runs · ${
    escapeHtml(
      [...new Set(sets.map(({ dataset }) => dataset.name))].join(", "),
    )
  } · ${
    escapeHtml(
      [
        ...new Set(
          sets.flatMap((set) => set.cells.map(({ config }) => config.backend)),
        ),
      ].join(", "),
    )
  } · ${new Set(sets.flatMap(({ study }) => study.seeds)).size} seeds</p>
</header>
<nav class="contents" aria-label="Contents"><ul>${
    links.map(([id, text]) =>
      `<li><a href="#${id}">${escapeHtml(text!)}</a></li>`
    ).join("")
  }</ul></nav>
<main id="main" tabindex="-1">
<div class="lead">
<section aria-labelledby="verdicts"><h2 id="verdicts">The paper’s claims</h2>
<ol class="verdicts">${analysis.claims.map(formatClaimItem).join("\n")}</ol>
<details><summary>The rules of these verdicts</summary><p class="small">Written before any result was seen. Changes are from ratio 0 to ratio 1, by least squares, with 95 % intervals over seeds.</p><ol class="small">${
    analysis.claims.map(({ rule }) => `<li>${escapeHtml(rule)}</li>`).join("")
  }</ol></details></section>
${formatHeadline(first!.figures[0], first!.study)}
</div>
${
    studies.map(({ study, figures, sets }) => `
<h2 id="${slug(`study ${study}`)}">${
      studies.length === 1 ? "Results" : escapeHtml(study)
    }</h2>
${
      studies.length === 1
        ? ""
        : `<p>${escapeHtml(sets[0]!.study.description ?? "")}</p>`
    }
${figures.map((figure) => formatFigure(figure, study)).join("\n")}`).join("")
  }
<h2 id="examples">Example images</h2>
${formatExamples(examples)}
<h2 id="reliability">Reliability</h2>
${
    analysis.doubts.length === 0
      ? "<p>No cell failed, diverged or raised a flag.</p>"
      : `<ul>${
        analysis.doubts.map((doubt) => `<li>${escapeHtml(doubt)}</li>`).join("")
      }</ul>`
  }
<h2 id="provenance">Provenance</h2>
${
    studies.flatMap(({ study, sets }) =>
      sets.map((set) =>
        `<h3>${escapeHtml(study)}, ${
          escapeHtml(set.cells[0]?.config.backend ?? "no cell")
        }</h3><table class="record"><tbody>${
          describeProvenance(set).map(([name, value]) =>
            `<tr><th scope="row">${escapeHtml(name)}</th><td>${
              name === "repeat with"
                ? `<code>${escapeHtml(value)}</code>`
                : escapeHtml(value)
            }</td></tr>`
          ).join("")
        }</tbody></table>`
      )
    ).join("\n")
  }
<h3>This report</h3>
<p class="command"><code>${escapeHtml(command)}</code></p>
</main>
<footer>Made by dupbench ${
    escapeHtml(version)
  }. The drawings, the numbers as CSV and the text as Markdown lie beside this page.</footer>
</body>
</html>
`;
}

const verdictMarks = {
  supported: "✓ Supported",
  contradicted: "✕ Contradicted",
  inconclusive: "○ Inconclusive",
};

function formatClaimItem(
  { statement, verdict, reason, test, controls }: ClaimResult,
): string {
  const metric = claims.find((claim) => claim.statement === statement)?.metric;
  const unit = metric === undefined ? "" : ` ${metricUnits[metric]}`;
  const signed = (value: number) =>
    `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const facts = test === null
    ? ""
    : `Change ${signed(test.mean)}${unit}${
      test.interval === null
        ? ""
        : `, 95 % interval ${signed(test.interval[0])} to ${
          signed(test.interval[1])
        }`
    }; ${test.n} ${test.n === 1 ? "seed" : "seeds"}. `;
  return `<li><p class="statement">${escapeHtml(statement)}</p>
<p class="small"><span class="verdict ${verdict}">${
    verdictMarks[verdict]
  }.</span> ${facts}${escapeHtml(sentence(reason))}${
    controls.map(({ control, test: { mean, interval } }) =>
      ` Beyond ${controlPhrases[control]}: ${signed(mean)}${
        interval === null
          ? ""
          : ` (${signed(interval[0])} to ${signed(interval[1])})`
      }.`
    ).join("")
  }</p></li>`;
}

/** The start of the first figure, beside the verdicts. */
function formatHeadline(figure: Figure | undefined, study: string): string {
  if (figure === undefined) return "";
  const { id, heading, panels, legend } = figure;
  return `<section aria-labelledby="headline"><h2 id="headline">${
    escapeHtml(heading)
  } against duplicates</h2>
${formatLegend(legend)}
<div class="panels">${
    panels.slice(0, 2).map((panel) =>
      formatPanel(panel, `headline-${panel.id}`)
    ).join("\n")
  }</div>
<p class="small">Means over seeds, with 95 % intervals where there are several. <a href="#${id}">${
    panels.length > 2 ? `All ${panels.length} plots` : "More"
  } and the numbers, ${escapeHtml(study)}</a></p></section>`;
}

function formatLegend(names: readonly string[]): string {
  return names.length === 0
    ? ""
    : `<ul class="legend">${
      names.map((name) => `<li>${legendMark(name)}${escapeHtml(name)}</li>`)
        .join("")
    }</ul>`;
}

function formatPanel(
  { title, alt, inline }: Figure["panels"][number],
  id: string,
): string {
  return `<div class="panel"><p class="name">${escapeHtml(title)}</p>${
    embedSvg(inline, id, alt)
  }</div>`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function formatFigure(
  { id, heading, caption, panels, legend, table }: Figure,
  study: string,
): string {
  const head = table.head.map((name) =>
    `<th scope="col">${escapeHtml(name)}</th>`
  ).join("");
  const rows = table.rows.map((row) =>
    `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`
  ).join("");
  return `<h3 id="${id}">${escapeHtml(heading)}</h3>
<figure aria-labelledby="${id}">
<figcaption>${escapeHtml(caption)}</figcaption>
${formatLegend(legend)}
<div class="panels">${
    panels.map((panel) => formatPanel(panel, panel.id)).join("\n")
  }</div>
<details><summary>Numbers behind this figure</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${
    escapeHtml(`${heading}, ${study}: numbers`)
  }"><table class="data"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div></details>
</figure>`;
}

/** A drawing as part of a page, with a text of its own and ids of its own. */
function embedSvg(svg: string, id: string, alt: string): string {
  return svg
    .replace("<svg ", `<svg role="img" aria-label="${escapeHtml(alt)}" `)
    .replaceAll(/id="(clip\d+)"/g, `id="${id}-$1"`)
    .replaceAll(/url\(#(clip\d+)\)/g, `url(#${id}-$1)`);
}

function formatExamples(examples: CellExamples | string): string {
  if (typeof examples === "string") {
    return `<p>None: ${escapeHtml(examples)}.</p>`;
  }
  const { cell, classNames, shape, duplicates, attacked } = examples;
  const { duplication, training, seed, evaluation } = cell.config;
  const nameOf = (label: number) => classNames[label] ?? `class ${label}`;
  const picture = (pixels: Uint8Array, text: string, alt: string) =>
    `<div><img src="${toDataUri(pixels, shape)}" width="${shape[1]}" height="${
      shape[0]
    }" alt="${escapeHtml(alt)}"><span>${escapeHtml(text)}</span></div>`;
  const strip = (parts: string[]) =>
    `<div class="strip">${parts.join("")}</div>`;
  const parts = [
    `<p>From one cell (${training.name} training, ${duplication.policy}, ratio ${duplication.ratio}, seed ${seed}), run again for this page in ${
      (examples.tookMs / 1000).toFixed(0)
    } s: ${
      examples.isOutcomeEqual
        ? "its outcome is the recorded one, bit for bit"
        : "its outcome is not the recorded one, so these images are like those of the study, not the same"
    }.</p>`,
  ];
  if (duplicates.length > 0) {
    const near = duplication.nearKinds !== undefined;
    parts.push(
      `<h3>Duplicates</h3><p class="small">${
        near
          ? "Near duplicates: each copy differs from its original."
          : "Copies are stored byte for byte."
      }${
        duplicates[0]!.augmented
          ? " The lower row is what the network gets in its first pass, after augmentation."
          : " The network gets them as they are stored."
      }</p><div class="images">${
        duplicates.map(({ label, row, original, copy, augmented }) =>
          `<div>${
            strip([
              picture(original, "original", `Training image, ${nameOf(label)}`),
              picture(copy, "duplicate", `Its duplicate, ${nameOf(label)}`),
            ])
          }${
            augmented === undefined ? "" : strip([
              picture(
                augmented.original,
                "as seen",
                "The original as the network gets it",
              ),
              picture(
                augmented.copy,
                "as seen",
                "The duplicate as the network gets it",
              ),
            ])
          }<p class="small">${escapeHtml(nameOf(label))}, row ${row}</p></div>`
        ).join("\n")
      }</div>`,
    );
  }
  if (attacked.length > 0) {
    parts.push(
      `<h3>Under attack</h3><p class="small">Test images that the trained network classifies correctly, and what each attack makes of them within ε&nbsp;=&nbsp;${
        formatEpsilon(evaluation.epsilon)
      }. The change is amplified: grey is none, black and white are ε.</p>`,
    );
    for (const attack of new Set(attacked.map(({ attack }) => attack))) {
      parts.push(
        `<h4>${escapeHtml(attack)}</h4><div class="images">${
          attacked.filter((example) => example.attack === attack).map((one) => {
            const verdict = one.predicted === one.label
              ? `still ${nameOf(one.label)}`
              : `now ${nameOf(one.predicted)}`;
            return `<div>${
              strip([
                picture(
                  one.clean,
                  nameOf(one.label),
                  `Test image, ${nameOf(one.label)}`,
                ),
                picture(
                  one.attacked,
                  verdict,
                  `After ${attack}, classified as ${nameOf(one.predicted)}`,
                ),
                picture(one.change, "change", `Change by ${attack}, amplified`),
              ])
            }</div>`;
          }).join("\n")
        }</div>`,
      );
    }
  }
  return parts.join("\n");
}

function formatEpsilon(epsilon: number): string {
  const in255 = epsilon * 255;
  return Math.abs(in255 - Math.round(in255)) < 1e-6
    ? `${Math.round(in255)}/255`
    : epsilon.toPrecision(3);
}

/** An image as a PNG in a data URI; RGB or grey. */
export function toDataUri(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): string {
  const file: Uint8Array = png.encode(pixels, {
    width,
    height,
    channels,
    level: 3,
  });
  return `data:image/png;base64,${btoa(String.fromCharCode(...file))}`;
}

/** Text that means itself in HTML, in attributes, too. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
