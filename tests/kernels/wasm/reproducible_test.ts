import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { bytesOf, sha256 } from "../../../src/core/digest.ts";
import { addBias } from "../../../src/kernels/ops/add_bias.ts";
import { batchNorm, normalise } from "../../../src/kernels/ops/batch_norm.ts";
import { globalAvgPool } from "../../../src/kernels/ops/global_avg_pool.ts";
import { maxPool } from "../../../src/kernels/ops/max_pool.ts";
import { residualAdd } from "../../../src/kernels/ops/residual_add.ts";
import {
  adamStep,
  adamwStep,
  convReluPool,
  linfStep,
  nesterovStep,
  sgdStep,
  softmaxCrossEntropy,
} from "../../../src/kernels/wasm/mod.ts";
import { drawTensor, useWasm } from "./_wasm.ts";

/** SHA-256 of the bits that each kernel makes of seeded inputs. */
const digests: Readonly<Record<string, string>> = {
  "batchNorm":
    "5205f456b7fcb1aa3ce150356babdf05cfab1278f02df76dbf164de6e9400e53",
  "conv2d, Winograd":
    "0abbe77342d5660513d0e57c431fcee156aac9bc050b9b3ccfa82e37eb35d1d8",
  "conv2d, general":
    "397b5914c37b53a64ff6ee9e0d9e2ca1f0be916bd919562cecb1b4495b455afc",
  "convReluPool":
    "da963fc844eb0c52eb718778d37b2908ff8778fbb861ac39f914c25dbc202f4a",
  "layers": "320b4ab9de1df1b1458bfba429d996e1c3b1b8fb01a2aed44053052150df80fd",
  "matMul": "89fd3c42e2e7003057c5c6acfbab8fca419b7c4d4de85b00db7d121cfb540d56",
  "nesterovStep and adamwStep":
    "2dba2c4d623301844db7181a72553a0cb3b9557b7e7f6791ba8d2d17611745cc",
  "pool": "5b66f3896e85c4df1ddb5a57eba560e2e248cc379214db0686c90a6d389a17b8",
  "softmaxCrossEntropy":
    "12c09a054d2c7dcec80e7c65de41ef6d661aae4ee0a93d747198c3cd5a0bf227",
  "steps": "9d7d131034d5a6d887dea7b319709bab19fd672e163fbf29b61ba7e4c59e2db5",
};

type Case = () => tf.Tensor | tf.Tensor[];

const four = (...shape: [number, number, number, number]) =>
  drawTensor<tf.Rank.R4>(shape, 1);

const cases: Readonly<Record<string, Case>> = {
  "batchNorm": () => {
    const [mean, scale, shift] = [1, 2, 3].map((seed) =>
      drawTensor<tf.Rank.R1>([10], seed)
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const moments = { mean, variance: tf.abs(scale) };
    const of = (given: tf.Tensor[]) => ({
      epsilon: 1e-5,
      relu: true,
      scale: given[1] as tf.Tensor1D,
      shift: given[2] as tf.Tensor1D,
    });
    const train = (...given: tf.Tensor[]) => batchNorm(given[0]!, of(given)).y;
    const evaluate = (...given: tf.Tensor[]) =>
      normalise(given[0]!, moments, of(given));
    return [train, evaluate].flatMap((f) => {
      const inputs = [four(3, 17, 13, 10), scale, shift];
      return [f(...inputs), ...tf.grads(f)(inputs, four(3, 17, 13, 10))];
    });
  },
  "conv2d, Winograd": () => {
    const [x, w] = [four(2, 14, 14, 8), four(3, 3, 8, 16)];
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same");
    return [f(x, w), ...tf.grads(f)([x, w], four(2, 14, 14, 16))];
  },
  "conv2d, general": () => {
    const [x, w] = [four(2, 13, 11, 3), four(5, 3, 3, 10)];
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "valid");
    return [f(x, w), ...tf.grads(f)([x, w], four(2, 5, 5, 10))];
  },
  "convReluPool": () => {
    const f = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      convReluPool(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D);
    const inputs = [
      four(2, 12, 12, 3),
      four(3, 3, 3, 16),
      drawTensor<tf.Rank.R1>([16], 2),
    ];
    return tf.grads(f)(inputs, four(2, 6, 6, 16));
  },
  "layers": () => {
    const block = (...[x, bias, shortcut]: tf.Tensor[]) => {
      const sum = residualAdd(
        addBias(x as tf.Tensor4D, bias as tf.Tensor1D, { relu: true }),
        shortcut as tf.Tensor4D,
        { stride: 2, relu: true },
      );
      const pooled = maxPool(sum, { filterSize: 3, strides: 2, pad: "same" });
      return globalAvgPool(tf.avgPool(pooled, 2, 1, "valid"));
    };
    const inputs = [
      four(2, 9, 9, 10),
      drawTensor<tf.Rank.R1>([10], 2),
      four(2, 17, 17, 7),
    ];
    return [block(...inputs), ...tf.grads(block)(inputs)];
  },
  "matMul": () => {
    const a = drawTensor<tf.Rank.R2>([65, 600], 1);
    const b = drawTensor<tf.Rank.R2>([600, 270], 2);
    return tf.matMul(a, b);
  },
  "pool": () => {
    const f = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 3, 2, "same");
    return [
      f(four(2, 9, 9, 5)),
      tf.grad(f)(four(2, 9, 9, 5), four(2, 5, 5, 5)),
    ];
  },
  "softmaxCrossEntropy": () => {
    const x = drawTensor<tf.Rank.R2>([9, 10], 1);
    const labels = tf.oneHot(tf.range(0, 9, 1, "int32"), 10) as tf.Tensor2D;
    const y = tf.cast(labels, "float32");
    return tf.grad((x: tf.Tensor) => softmaxCrossEntropy(x as tf.Tensor2D, y))(
      x,
    );
  },
  "nesterovStep and adamwStep": () => {
    const [weight, velocity, gradient] = [1, 2, 3].map((seed) =>
      drawTensor<tf.Rank.R1>([37], seed)
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const square = tf.abs(velocity);
    return [
      ...nesterovStep({ weight, velocity, gradient }, {
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 5e-4,
      }),
      ...adamwStep({ weight, mean: velocity, square, gradient }, {
        rate: 0.01,
        root: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        kept: 0.999,
      }),
    ];
  },
  "steps": () => {
    const [weight, velocity, gradient] = [1, 2, 3].map((seed) =>
      drawTensor<tf.Rank.R1>([37], seed)
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const square = tf.abs(velocity);
    return [
      linfStep(weight, gradient, velocity, { epsilon: 0.1, stepSize: 0.03 }),
      ...sgdStep({ weight, velocity, gradient }, {
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 5e-4,
      }),
      ...adamStep({ weight, mean: velocity, square, gradient }, {
        rate: 0.01,
        root: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 5e-4,
      }),
      tf.sum(four(5, 7, 3, 9), [0, 1, 2]),
    ];
  },
};

function digest(run: Case): string {
  return tf.tidy(() =>
    sha256(...[run()].flat().map((t) => bytesOf(t.dataSync())))
  );
}

for (const [name, run] of Object.entries(cases)) {
  Deno.test(`wasm: ${name} gives the same bits on every machine and in any order`, async () => {
    await useWasm();
    const first = digest(run);
    // The other cases use the same scratch in between.
    Object.values(cases).forEach((other) => digest(other));
    assertEquals(digest(run), first);
    assertEquals(first, digests[name]);
  });
}

Deno.test("kernels.wasm imports only the memory, and has no data and no start function", async () => {
  const url = new URL(
    "../../../src/kernels/wasm/kernels.wasm",
    import.meta.url,
  );
  const bytes = await Deno.readFile(url);
  const module = await WebAssembly.compile(bytes);
  assertEquals(WebAssembly.Module.imports(module), [
    { module: "env", name: "memory", kind: "memory" },
  ]);
  assert(bytes.length < 64 * 1024);
  // Sections: id, then size as LEB128.
  const START = 8;
  const DATA = 11;
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at++]!;
    assert(id !== START && id !== DATA);
    let size = 0;
    for (let shift = 0;; shift += 7) {
      const byte = bytes[at++]!;
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    at += size;
  }
});
