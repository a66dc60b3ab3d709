import type { WebgpuKernel } from "./kernel_host.ts";

const threads = 64;

/**
 * Softmax cross-entropy of rows: losses, and gradients for the logits. A thread
 * computes a whole row, since rows are short and batches are large.
 *
 * Sums are float32: the error of a loss near zero is 1e-7 of the sum of the
 * labels, not of the loss.
 */
export const softmaxCrossEntropy: WebgpuKernel<"DupbenchSoftmaxCrossEntropy"> =
  {
    name: "DupbenchSoftmaxCrossEntropy",
    run(host, { inputs: { logits, labels } }) {
      const [rows, columns] = logits.shape as [number, number];
      const losses = host.output([rows]);
      const gradients = host.output([rows, columns]);
      if (rows * columns === 0) {
        [losses, gradients].forEach(host.dispose);
        return [host.zeros([rows]), host.zeros([rows, columns])];
      }
      host.run({
        key: "softmaxCrossEntropy",
        code,
        inputs: { logits: [logits, "f32"], labels: [labels, "f32"] },
        outputs: { losses: [losses, "f32"], gradients: [gradients, "f32"] },
        integers: { rows: [rows], columns: [columns] },
        threads,
        workgroups: [Math.ceil(rows / threads), 1, 1],
        values: "f32",
        gives: "gradients",
      });
      return [losses, gradients];
    },
  };

const code = `
fn main(thread : i32, group : vec3<i32>) {
  let row = group.x * ${threads} + thread;
  if (row >= uniforms.rows) { return; }
  let first = row * uniforms.columns;
  let last = first + uniforms.columns;
  var most = logits[first];
  for (var i = first + 1; i < last; i++) { most = max(most, logits[i]); }
  var total = 0.0;
  var weights = 0.0;
  var loss = 0.0;
  for (var i = first; i < last; i++) {
    let shifted = logits[i] - most;
    total += exp(shifted);
    weights += labels[i];
    loss -= labels[i] * shifted;
  }
  losses[row] = loss + weights * log(total);
  for (var i = first; i < last; i++) {
    gradients[i] = exp(logits[i] - most) / total * weights - labels[i];
  }
}`;
