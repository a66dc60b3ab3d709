/// <reference lib="dom" />
/**
 * The script of a page that verifies: it lets the reader choose a cell, starts
 * the worker that trains, and shows what it tells.
 *
 * @module
 */
import "../../core/complete_builtins.ts";
import { parseUserAgent } from "../../core/runtime/engine.ts";
import type { ImageSource, RunEvent, RunRequest } from "../messages.ts";
import type { PageCell } from "../page_cell.ts";
import { blockIds, type PageData } from "../page_data.ts";
import { byId, element } from "./element.ts";
import { type LossCurve, openLossCurve } from "./loss_curve.ts";
import { readBlock } from "./read_block.ts";
import { showComparison } from "./show_comparison.ts";
import { nameEpoch } from "./words.ts";

const choice = byId<HTMLSelectElement>("cell");
const start = byId<HTMLButtonElement>("start");
const stop = byId<HTMLButtonElement>("stop");
const files = byId<HTMLInputElement>("files");
const progress = byId<HTMLProgressElement>("progress");
const verdict = byId("verdict");
const curve = byId<HTMLElement>("curve") as unknown as SVGSVGElement;

const data = JSON.parse(
  new TextDecoder().decode(await readBlock(blockIds.data)),
) as PageData;
let worker: Worker | undefined;
let workerUrl: string | undefined;

const chosen = (): PageCell => data.cells[Number(choice.value)]!;
const say = (text: string) => byId("status").textContent = text;
const nameBrowser = () => {
  const engine = parseUserAgent(navigator.userAgent);
  return engine ? `${engine.name} ${engine.version}` : "Your browser";
};
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function showChoice(): void {
  const { name, recorded: { id, timing }, images, obstacle } = chosen();
  const took = timing.trainMs + timing.evaluateMs;
  byId("about").textContent = obstacle === undefined
    ? `Cell ${id}: ${name}. It took ${seconds(took)} when it was recorded.`
    : `Cell ${id} cannot be run here. ${obstacle}.`;
  byId("data").hidden = images !== "files";
  start.disabled = images === null;
  byId("result").hidden = true;
  byId("training").hidden = true;
  say("");
}

/** Shows an outcome, and takes the reader to it. */
function conclude(state: "same" | "different" | "failed", title: string): void {
  end();
  byId("result").hidden = false;
  byId("result").className = state;
  verdict.textContent = title;
  verdict.focus();
}

function end(): void {
  runs++;
  worker?.terminate();
  worker = undefined;
  start.hidden = choice.disabled = files.disabled = false;
  stop.hidden = true;
}

function readSource(
  images: PageCell["images"],
): ImageSource | Promise<ImageSource> {
  if (images === "files") {
    return { files: [...files.files ?? []], limits: data.limits };
  }
  return readBlock(blockIds.images).then((packed) => ({ packed }));
}

/** Counts the runs, so that one that was stopped while it began ends. */
let runs = 0;

async function run(): Promise<void> {
  const { recorded, images } = chosen();
  const own = ++runs;
  byId("result").hidden = true;
  byId("training").hidden = false;
  byId("details").replaceChildren();
  progress.value = 0;
  const drawing = openLossCurve(curve, recorded);
  start.hidden = choice.disabled = files.disabled = true;
  stop.hidden = false;
  stop.focus();
  say("Unpacking the images and the kernels");
  workerUrl ??= URL.createObjectURL(
    new Blob([await readBlock(blockIds.worker)], { type: "text/javascript" }),
  );
  const request: RunRequest = {
    recorded,
    dataset: data.dataset,
    images: await readSource(images),
    binaries: {
      tfjs: await readBlock(blockIds.tfjs),
      kernels: await readBlock(blockIds.kernels),
    },
  };
  if (own !== runs) return;
  worker = new Worker(workerUrl);
  worker.onmessage = ({ data: event }: { data: RunEvent }) => {
    if (own === runs) show(event, drawing);
  };
  worker.onerror = ({ message }) => fail(message || "The worker ended");
  worker.postMessage(request);
}

/** Says that the cell could not be run, and why. */
function fail(message: string): void {
  byId("explanation").textContent = `${message.replace(/[.]$/, "")}.`;
  conclude("failed", "The cell could not be run here");
  say("");
}

/** The epoch that was announced last: the live region is not to chatter. */
let announced = -1;

function show(event: RunEvent, drawing: LossCurve): void {
  if (event.kind === "begun") {
    announced = -1;
    say("The images are the recorded ones. Training begins");
  } else if (event.kind === "progress") {
    progress.value = event.share;
    byId("share").textContent = `${Math.floor(100 * event.share)} %`;
    if (event.epoch !== announced) {
      announced = event.epoch;
      say(nameEpoch(event.epoch, chosen().recorded));
    }
  } else if (event.kind === "losses") {
    drawing.add(event.losses);
  } else if (event.kind === "failed") {
    fail(event.message);
  } else {
    const { values, fault, runMs } = event;
    const different = values.filter(({ isEqual }) => !isEqual).length;
    progress.value = 1;
    byId("share").textContent = "100 %";
    say(`Trained and evaluated in ${seconds(runMs)}`);
    byId("explanation").textContent = fault === undefined
      ? `${nameBrowser()} trained and evaluated this network in ${
        seconds(runMs)
      } and reproduced all ${values.length} recorded values, including every bit of its weights.`
      : `The first difference: ${fault}.`;
    byId("details").replaceChildren(...showComparison(values));
    conclude(
      fault === undefined ? "same" : "different",
      fault === undefined
        ? `All ${values.length} recorded values were reproduced, bit for bit`
        : `${different} of ${values.length} recorded values ${
          different === 1 ? "was" : "were"
        } not reproduced`,
    );
  }
}

choice.append(
  ...data.cells.map(({ name, images }, i) =>
    element("option", `${name}${images === null ? " (cannot run here)" : ""}`, {
      value: String(i),
    })
  ),
);
const first = data.cells.findIndex(({ images }) => images !== null);
choice.value = String(Math.max(first, 0));
choice.onchange = showChoice;
start.onclick = () => void run().catch((error) => fail(String(error)));
stop.onclick = () => {
  end();
  say("Stopped");
  start.focus();
};
showChoice();
byId("run").hidden = false;
