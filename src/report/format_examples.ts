import png from "imagescript/png/node.js";
import type { AttackExample, CellExamples } from "./cell_examples.ts";
import { escapeHtml } from "./html.ts";
import { attackTitle, formatEpsilon } from "./terms.ts";

/** Example images of a cell, or why there are none. */
export function formatExamples(examples: CellExamples | string): string {
  if (typeof examples === "string") {
    return `<p>None: ${escapeHtml(examples)}.</p>`;
  }
  const { duplication, training, seed } = examples.cell.config;
  return [
    `<p>From one run (${training.name} training, ${duplication.policy}, ratio ${duplication.ratio}, seed ${seed}), done again for this page: ${
      examples.isOutcomeEqual
        ? "its outcome was the recorded one, bit for bit"
        : "its outcome was not the recorded one, so these images are like those of the study, not the same"
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
    ? "A duplicate is stored byte for byte as its original."
    : "A near duplicate differs from its original.";
  const seen = duplicates[0]!.augmented === undefined
    ? "The network gets both as they are stored."
    : "Before the network gets them they are augmented (mirrored, shifted), here as in the first pass.";
  return `<h3>Duplicates</h3><p class="small">${about} ${seen}</p><div class="images">${
    duplicates.map(({ label, row, original, copy, augmented }) => {
      const name = classNames[label] ?? `class ${label}`;
      const pictures = [
        picture(original, shape, "original", `Original, ${name}`),
        picture(copy, shape, "duplicate", `Its duplicate, ${name}`),
      ];
      const moved = augmented === undefined ? [] : [
        picture(
          augmented.original,
          shape,
          "original, augmented",
          `The original, ${name}, as the network gets it`,
        ),
        picture(
          augmented.copy,
          shape,
          "duplicate, augmented",
          `The duplicate, ${name}, as the network gets it`,
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
    return `<h3>Adversarial versions</h3><p>None: ${
      attacks.length === 0
        ? "these runs were not attacked"
        : augmentation !== undefined
        ? "test images are augmented, which would hide what an attack does"
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
  return `<h3>Adversarial versions</h3><p class="small">Test images that the trained network classifies correctly, what each attack makes of them within ε = ${
    formatEpsilon(epsilon)
  } per pixel, and what the network calls them then. The difference is amplified: mid grey is none, black and white are −ε and +ε, colour by colour.</p>
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

/** Pixels of the page that a pixel of an image is wide. */
const SCALE = 3;

/** Every pixel as a square, so that no viewer or printer blurs them. */
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
  [height, width, channels]: readonly [number, number, number],
): string {
  const file: Uint8Array = png.encode(pixels, {
    width,
    height,
    channels,
    level: 9,
  });
  return `data:image/png;base64,${btoa(String.fromCharCode(...file))}`;
}
