import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { valuesPerChannel } from "../../src/kernels/common/moments.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import {
  batchNorm,
  type Moments,
  moveMoments,
  normalise,
} from "../../src/kernels/ops/batch_norm.ts";
import { runPython, torchTest } from "../torch_available.ts";
import { largestError } from "./_float64.ts";
import { drawValues, read } from "./_kernels.ts";

const SHAPE: [number, number, number, number] = [4, 3, 5, 6];
const SIZE = 4 * 3 * 5 * 6;
const STEPS = 3;

/** Three steps of BatchNorm2d and relu in float64, then evaluation mode. */
const script = `
import json, sys, torch
given = json.load(sys.stdin)
def images(values):
    t = torch.tensor(values, dtype=torch.float64).reshape(4, 3, 5, 6)
    return t.permute(0, 3, 1, 2).contiguous()
def flat(t):
    return (t.permute(0, 2, 3, 1) if t.dim() == 4 else t).reshape(-1).tolist()
norm = torch.nn.BatchNorm2d(6, eps=1e-3, momentum=0.3).double()
norm.weight.data = torch.tensor(given["scale"], dtype=torch.float64)
norm.bias.data = torch.tensor(given["shift"], dtype=torch.float64)
results = []
for x, dy in zip(given["x"], given["dy"]):
    x = images(x).requires_grad_()
    y = torch.relu(norm(x))
    grads = torch.autograd.grad(y, [x, norm.weight, norm.bias], images(dy))
    results += [y, *grads]
norm.eval()
x = images(given["x"][0]).requires_grad_()
y = torch.relu(norm(x))
results += [norm.running_mean, norm.running_var, y]
results += torch.autograd.grad(y, [x, norm.weight, norm.bias], images(given["dy"][0]))
print(json.dumps([flat(t.detach()) for t in results]))
`;

torchTest(
  "batchNorm(), moveMoments() and normalise() compute what BatchNorm2d does, on cpu and wasm",
  async () => {
    const draw = (size: number, seed: number) =>
      Array.from(drawValues(size, seed).map((v) => 2 * v + 1));
    const given = {
      x: [1, 2, 3].map((seed) => draw(SIZE, seed)),
      dy: [4, 5, 6].map((seed) => draw(SIZE, seed)),
      scale: draw(6, 7),
      shift: draw(6, 8),
    };
    const expected = await runPython(script, given);
    for (const backend of ["cpu", "wasm"] as const) {
      await openBackend(backend);
      const results = await read(() => {
        const [scale, shift] = [given.scale, given.shift].map((values) =>
          tf.tensor1d(values)
        ) as [tf.Tensor1D, tf.Tensor1D];
        const attrs = { epsilon: 1e-3, relu: true };
        let running: Moments = {
          mean: tf.zeros([6]) as tf.Tensor1D,
          variance: tf.ones([6]) as tf.Tensor1D,
        };
        const tensors: tf.Tensor[] = [];
        const add = (
          run: (
            x: tf.Tensor,
            options: typeof attrs & { scale: tf.Tensor1D; shift: tf.Tensor1D },
          ) => tf.Tensor,
          step: number,
        ) => {
          const f = (...[x, scale, shift]: tf.Tensor[]) =>
            run(x!, {
              ...attrs,
              scale: scale as tf.Tensor1D,
              shift: shift as tf.Tensor1D,
            });
          const inputs = [tf.tensor4d(given.x[step]!, SHAPE), scale, shift];
          const dy = tf.tensor4d(given.dy[step]!, SHAPE);
          tensors.push(f(...inputs), ...tf.grads(f)(inputs, dy));
        };
        for (let step = 0; step < STEPS; step++) {
          add((x, options) => batchNorm(x, options).y, step);
          const x = tf.tensor4d(given.x[step]!, SHAPE);
          running = moveMoments(running, batchNorm(x, attrs), {
            momentum: 0.3,
            count: valuesPerChannel(x),
          });
        }
        tensors.push(running.mean, running.variance);
        add((x, options) => normalise(x, running, options), 0);
        return tensors;
      });
      assert(results.length === expected.length);
      results.forEach((values, i) => {
        const error = largestError(values, expected[i]!);
        assert(error < 1e-5, `${backend}, result ${i}: ${error}`);
      });
    }
  },
);
