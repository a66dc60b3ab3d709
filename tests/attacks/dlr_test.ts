import { assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { dlr, targetedDlr } from "../../src/attacks/dlr.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { webgpuTest } from "../webgpu_available.ts";

async function checkRatios(name: BackendName) {
  await openBackend(name);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 4, max: 10 }),
      async (seed, k) => {
        const stream = openStream(seed, "init", "dlr");
        // Apart by more than the step of the difference, so that ranks stay.
        const order = Array.from({ length: k }, (_, i) => i);
        order.sort(() => stream.uniform() - 0.5);
        const z = order.map((rank) => rank * 0.7 + 0.2 * stream.uniform());
        const [y, t] = [stream.below(k), 0];
        const target = y === t ? 1 : t;
        const expected = (z: number[]) => {
          const sorted = z.toSorted((a, b) => b - a);
          const other = Math.max(...z.filter((_, i) => i !== y));
          return [
            -(z[y]! - other) / (sorted[0]! - sorted[2]! + 1e-12),
            -(z[y]! - z[target]!) /
            (sorted[0]! - 0.5 * (sorted[2]! + sorted[3]!) + 1e-12),
          ];
        };
        const [labels, targets] = [y, target].map((c) =>
          tf.oneHot([c], k).toFloat() as tf.Tensor2D
        );
        const losses = [
          (x: tf.Tensor) => dlr(x as tf.Tensor2D, labels!),
          (x: tf.Tensor) => targetedDlr(x as tf.Tensor2D, labels!, targets!),
        ];
        for (const [which, loss] of losses.entries()) {
          const { value, grad } = tf.valueAndGrad(loss)(
            tf.tensor2d([z]),
            tf.ones([1]),
          );
          assertAlmostEquals(
            (await value.data())[0]!,
            expected(z)[which]!,
            1e-5,
          );
          const slope = await grad.data();
          z.forEach((_, i) => {
            const at = (h: number) =>
              expected(z.map((v, j) => v + (i === j ? h : 0)))[which]!;
            assertAlmostEquals(slope[i]!, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-4);
          });
          tf.dispose([value, grad]);
        }
        tf.dispose([labels!, targets!]);
      },
    ),
    { numRuns: 30, seed: 1 },
  );
}

const claim =
  "dlr() and targetedDlr() are what they say, with the gradient of finite differences";
Deno.test(`wasm: ${claim}`, () => checkRatios("wasm"));
webgpuTest(claim, () => checkRatios("webgpu"));
