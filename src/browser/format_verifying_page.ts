import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { gzipSync } from "fflate";
import { quoteWord } from "../core/shell_words.ts";
import { escapeHtml } from "../report/html.ts";
import { formatProvenanceTable } from "../report/format_provenance_table.ts";
import { titleOfStudy } from "../report/study_title.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { PageCell } from "./page_cell.ts";
import { verifyingCss } from "./page_css.ts";
import { blockIds, type PageData } from "./page_data.ts";
import type { PageAssets } from "./read_assets.ts";
import { formatCells } from "./format_cells.ts";

/** What a page that verifies is made from. */
export interface VerifyingPage {
  /** The result set. */
  readonly set: ResultSet;
  /** Its file, as the reader would name it. */
  readonly path: string;
  /** What the reader can run again. */
  readonly data: PageData;
  /** The images of cells that find them in the page, as `packImages` makes them. */
  readonly images: Uint8Array | undefined;
  /** Scripts and kernels. */
  readonly assets: PageAssets;
}

/**
 * A page that trains recorded networks again in the browser that shows it, and
 * compares what comes out. It is one file without network access: its policy
 * allows its own two scripts, WebAssembly, and nothing to be fetched. Equal input
 * gives equal bytes.
 */
export function formatVerifyingPage(
  { set, path, data, images, assets }: VerifyingPage,
): string {
  const title = titleOfStudy(set.study.name);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(assets.client)}' 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `style-src '${hashOf(verifyingCss)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const { cells } = data;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}: verify in the browser</title>
<style>${verifyingCss}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="kicker">dupbench · verification page · ${escapeHtml(title)}</p>
<h1>Train a network again and compare every number</h1>
<p class="lead">This page contains ${count(cells)} of the study “${
    escapeHtml(title)
  }”, as recorded, and the program that ran ${
    cells.length === 1 ? "it" : "them"
  }. ${
    describeRunnable(cells)
  }Choose a cell and press the button: your browser trains its network and compares each recorded value with its own, bit for bit. Nothing is installed, sent or fetched.</p>
</header>
<main id="main" tabindex="-1">
<section id="run" aria-labelledby="run-title" hidden>
<h2 id="run-title">Run a cell</h2>
<p><label for="cell">Cell</label><select id="cell"></select></p>
<p id="about" class="small"></p>
<p id="data" hidden><label for="files">The six files of the binary version of CIFAR-10: data_batch_1.bin to data_batch_5.bin and test_batch.bin</label><input type="file" id="files" accept=".bin" multiple></p>
<p><button type="button" id="start">Train and compare</button> <button type="button" id="stop" hidden>Stop</button></p>
<p id="status" role="status"></p>
<div id="training" hidden>
<div class="bar"><progress id="progress" max="1" value="0" aria-label="Progress"></progress><span id="share" aria-hidden="true">0 %</span></div>
<figure><figcaption id="curve-title">Training loss of each step, as computed here (line), and the recorded mean of each epoch (circles)</figcaption>
<svg id="curve" role="img" aria-labelledby="curve-title"></svg></figure>
</div>
<div id="result" hidden><h3 id="verdict" tabindex="-1"></h3><p id="explanation"></p><div id="details"></div></div>
</section>
<noscript><p class="warning">Training in this page needs scripts, which are disabled. The recorded values below can be read without them; on the command line, <code>deno task verify ${
    escapeHtml(quoteWord(path))
  }</code> does the same.</p></noscript>
<h2>Recorded values</h2>
${formatCells(cells)}
<h2>Provenance</h2>
${formatProvenanceTable(set, path)}
</main>
<footer>A run on this page cannot show that times and provenance are true, and shows nothing about other cells. The same check on the command line is <code>deno task verify</code>.</footer>
${
    [
      block(blockIds.data, new TextEncoder().encode(JSON.stringify(data))),
      block(blockIds.worker, assets.worker),
      block(blockIds.tfjs, assets.tfjs),
      block(blockIds.kernels, assets.kernels),
      ...(images === undefined ? [] : [block(blockIds.images, images)]),
    ].join("\n")
  }
<script type="module">${assets.client}</script>
</body>
</html>
`;
}

const count = ({ length }: readonly PageCell[]) =>
  length === 1 ? "one cell" : `${length} cells`;

/** Says how many can be run, where others cannot. */
function describeRunnable(cells: readonly PageCell[]): string {
  const runnable = cells.filter(({ images }) => images !== null);
  return runnable.length === cells.length
    ? ""
    : `${
      runnable.length === 1 ? "One" : runnable.length
    } of these can be run in a browser. `;
}

/** A block that no browser runs: gzip in base64. */
function block(id: string, bytes: Uint8Array): string {
  const packed = gzipSync(bytes, { level: 6, mtime: 0 });
  return `<script type="application/gzip" id="${id}">${
    Buffer.from(packed).toString("base64")
  }</script>`;
}

/** How a policy names a script or a style sheet. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
