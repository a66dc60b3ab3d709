/// <reference lib="dom" />
import type { FinishedCell } from "../../results/result_set.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";
const box = { width: 640, height: 260 };
const inner = { left: 44, right: 628, top: 14, bottom: 222 };

/** How long the losses of an epoch take to appear, in ms. */
const DRAW_MS = 500;

/** A drawing of the loss of each step, over the recorded means of the epochs. */
export interface LossCurve {
  /** Draws the losses of the next epoch. */
  add(losses: Float32Array): void;
}

/** Draws the axes and what was recorded; the curve is still to come. */
export function openLossCurve(
  svg: SVGSVGElement,
  { outcome: { epochs } }: FinishedCell,
): LossCurve {
  const steps = epochs.reduce((sum, epoch) => sum + epoch.steps, 0);
  const most = Math.max(...epochs.map(({ loss }) => loss), 0.1) * 1.25;
  const tick = niceTick(most);
  const x = (step: number) =>
    inner.left + (inner.right - inner.left) * step / Math.max(steps, 1);
  const y = (loss: number) =>
    inner.bottom - (inner.bottom - inner.top) * Math.min(loss / most, 1);
  svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  svg.replaceChildren();
  const draw = (name: string, attributes: Record<string, string | number>) => {
    const shape = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) {
      shape.setAttribute(key, String(value));
    }
    svg.append(shape);
    return shape;
  };
  const write = (text: string, attributes: Record<string, string | number>) => {
    draw("text", attributes).textContent = text;
  };
  for (let loss = 0; loss <= most; loss += tick) {
    draw("line", {
      class: "grid",
      x1: inner.left,
      x2: inner.right,
      y1: y(loss),
      y2: y(loss),
    });
    write(String(Number(loss.toFixed(2))), {
      x: inner.left - 7,
      y: y(loss) + 4,
      "text-anchor": "end",
    });
  }
  let before = 0;
  const every = Math.ceil(epochs.length / 10);
  const line = draw("polyline", { class: "curve", points: "" });
  for (const [i, { steps, loss }] of epochs.entries()) {
    const middle = x(before + steps / 2);
    if (i % every === 0) {
      write(String(i + 1), {
        x: middle,
        y: inner.bottom + 17,
        "text-anchor": "middle",
      });
    }
    draw("circle", { class: "recorded", cx: middle, cy: y(loss), r: 4.5 });
    before += steps;
  }
  write("epoch", {
    x: (inner.left + inner.right) / 2,
    y: box.height - 4,
    "text-anchor": "middle",
  });
  const points: string[] = [];
  let shown = 0;
  let isDrawing = false;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawMore = (perFrame: number) => {
    shown = Math.min(points.length, shown + perFrame);
    line.setAttribute("points", points.slice(0, shown).join(" "));
    isDrawing = shown < points.length;
    if (isDrawing) requestAnimationFrame(() => drawMore(perFrame));
  };
  return {
    add(losses) {
      for (const loss of losses) {
        const value = Number.isFinite(loss) ? loss : most;
        points.push(
          `${x(points.length + 0.5).toFixed(1)},${y(value).toFixed(1)}`,
        );
      }
      if (isStill) drawMore(losses.length);
      else if (!isDrawing) {
        drawMore(Math.max(1, Math.ceil(losses.length * 16 / DRAW_MS)));
      }
    },
  };
}

/** A round distance of the lines, of which there are three to six. */
function niceTick(most: number): number {
  const size = 10 ** Math.floor(Math.log10(most));
  return [0.2, 0.5, 1].map((part) => part * size)
    .find((tick) => most / tick <= 6) ?? size * 2;
}
