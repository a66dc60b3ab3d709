import { openStream } from "../../src/core/stream.ts";
import type { Classifier } from "../../src/models/classifier.ts";
import { drawDropout } from "../../src/train/dropout.ts";
import type { HostBatch } from "../../src/train/steps.ts";

/** A batch of random images with random classes. */
export function drawBatch(
  { network }: Classifier,
  { rows, step }: { rows: number; step: number },
): HostBatch {
  const { shape, classes } = network.input;
  const stream = openStream(step, "split", "plan test", rows);
  const size = rows * shape.reduce((a, b) => a * b);
  const labels = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    labels[row * classes + stream.below(classes)] = 1;
  }
  return {
    images: {
      pixels: Float32Array.from({ length: size }, () => stream.uniform()),
    },
    labels,
    dropout: drawDropout(network, { seed: 1, step, rows }),
    rows,
  };
}
