import { Buffer } from "node:buffer";
import type { AttackExample, CellExamples } from "./cell_examples.ts";
import { attackTitle } from "../spec/attacks.ts";
import { nameCell } from "../spec/name_cell.ts";
import { encodePng } from "./encode_png.ts";
import { formatEpsilon } from "./format_epsilon.ts";
import { escapeHtml } from "./html.ts";

/** Example images of a cell, or why there are none. */
export function formatExamples(examples: CellExamples | string): string {
  if (typeof examples === "string") {
    // A line must not end within the name of an option.
    const text = escapeHtml(examples).replaceAll("--", "\u2011\u2011");
    return `<p>No example images: ${text}.</p>`;
  }
  return [
    `<p>From one cell (${
      escapeHtml(nameCell(examples.cell.config))
    }), run again for this page: ${
      examples.isOutcomeEqual
        ? "its outcome equals the recorded one bit for bit"
        : "its outcome differs from the recorded one, so these images may differ from those of the study"
    }.</p>`,
    formatDuplicates(examples),
    formatAttacked(examples),
  ].join("\n");
}

function formatDuplicates(
  { cell, classNames, shape, duplicates }: CellExamples,
): string {
  if (duplicates.length === 0) return "";
  const about = cell.config.duplication.nearKinds === undefined
    ? "A copy is stored byte for byte like its original."
    : "A near copy differs from its original.";
  const seen = duplicates[0]!.augmented === undefined
    ? "The network is trained on both as they are stored."
    : "Before the network is trained on them they are augmented (mirrored, shifted), shown here as in the first epoch.";
  return `<h3>Copies</h3><p class="small">${about} ${seen}</p><div class="images">${
    duplicates.map(({ label, copyLabel, row, original, copy, augmented }) => {
      const nameOf = (label: number) => classNames[label] ?? `class ${label}`;
      const name = nameOf(label);
      const labelled = copyLabel === undefined
        ? ""
        : `, labelled ${nameOf(copyLabel)}`;
      const pictures = [
        picture(original, shape, "original", `Original, ${name}`),
        picture(
          copy,
          shape,
          `copy${labelled}`,
          `Its copy, ${name}${labelled}`,
        ),
      ];
      const moved = augmented === undefined ? [] : [
        picture(
          augmented.original,
          shape,
          "original, augmented",
          `The original, ${name}, augmented`,
        ),
        picture(
          augmented.copy,
          shape,
          "copy, augmented",
          `The copy, ${name}${labelled}, augmented`,
        ),
      ];
      return `<div><p class="name">${
        escapeHtml(name)
      }, training image ${row}</p>${strip(pictures)}${
        moved.length === 0 ? "" : strip(moved)
      }</div>`;
    }).join("\n")
  }</div>`;
}

function formatAttacked({ cell, classNames, shape, attacked }: CellExamples) {
  const { attacks, augmentation, epsilon } = cell.config.evaluation;
  if (attacked.length === 0) {
    return `<h3>Adversarial versions</h3><p>No example images: ${
      attacks.length === 0
        ? "this study has no attacks"
        : augmentation !== undefined
        ? "test images are augmented, which would hide the change by an attack"
        : "none of the first test images was classified correctly"
    }.</p>`;
  }
  const nameOf = (label: number) => classNames[label] ?? `class ${label}`;
  const rows = [...new Set(attacked.map(({ row }) => row))];
  const formatRow = (examples: AttackExample[]) => {
    const [{ row, label, clean }] = examples as [AttackExample];
    return `<p class="name">${
      escapeHtml(nameOf(label))
    }, test image ${row}</p>${
      strip([
        picture(clean, shape, "original", `Original, ${nameOf(label)}`),
        ...examples.map(({ attack, attacked, change, predicted }) => {
          const verdict = `${predicted === label ? "still" : "now"} ${
            nameOf(predicted)
          }`;
          const name = attackTitle(attack);
          return picture(
            attacked,
            shape,
            `${name}:\n${verdict}`,
            `After ${name}, ${verdict}`,
          ) + picture(
            change,
            shape,
            "difference",
            `Difference by ${name}, amplified`,
          );
        }).map((pair) => `<div>${pair}</div>`),
      ])
    }`;
  };
  return `<h3>Adversarial versions</h3><p class="small">Test images that the trained network classifies correctly, the same images after each attack with ε = ${
    formatEpsilon(epsilon)
  } per pixel, and the class that the network then predicts. The difference is amplified: mid grey is no change, black and white are −ε and +ε, per colour channel.</p>
${
    rows.map((row) => formatRow(attacked.filter((one) => one.row === row)))
      .join("\n")
  }`;
}

function strip(parts: string[]): string {
  return `<div class="strip">${parts.join("")}</div>`;
}

function picture(
  pixels: Uint8Array,
  shape: readonly [number, number, number],
  text: string,
  alt: string,
): string {
  const [height, width, channels] = shape;
  const size = [height * SCALE, width * SCALE, channels] as const;
  return `<div><img src="${toDataUri(enlarge(pixels, shape), size)}" width="${
    size[1]
  }" height="${size[0]}" alt="${escapeHtml(alt)}"><span aria-hidden="true">${
    escapeHtml(text)
  }</span></div>`;
}

/** Width on the page of one pixel of an image, in pixels. */
const SCALE = 3;

/** Every pixel as a square, so that no viewer or printer blurs it. */
export function enlarge(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const large = new Uint8Array(pixels.length * SCALE * SCALE);
  for (let y = 0, at = 0; y < height * SCALE; y++) {
    const row = Math.floor(y / SCALE) * width;
    for (let x = 0; x < width * SCALE; x++, at += channels) {
      const from = (row + Math.floor(x / SCALE)) * channels;
      large.set(pixels.subarray(from, from + channels), at);
    }
  }
  return large;
}

/** An image as a PNG in a data URI; RGB or grey. */
export function toDataUri(
  pixels: Uint8Array,
  shape: readonly [number, number, number],
): string {
  const file = encodePng(pixels, shape);
  return `data:image/png;base64,${Buffer.from(file).toString("base64")}`;
}
