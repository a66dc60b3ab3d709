import { toTorchLayout } from "../../src/models/torch_layout.ts";
import type { OpenPeer } from "./peer.ts";
import { input, type Problem, sgd } from "./problem.ts";

/** An array of jax-js: each use of it consumes a reference. */
interface Array {
  readonly ref: Array;
  readonly shape: number[];
  add(other: Array | number): Array;
  sub(other: Array | number): Array;
  mul(other: Array | number): Array;
  neg(): Array;
  sum(axis?: number): Array;
  mean(): Array;
  reshape(shape: number[]): Array;
  transpose(axes?: number[]): Array;
  data(): Promise<Float32Array>;
}

/** The part of jax-js that a step needs; it is no dependency, so it has no types. */
interface Jax {
  init(device: string): Promise<string[]>;
  defaultDevice(device: string): void;
  blockUntilReady<T>(tree: T): Promise<T>;
  jit<F>(run: F): F;
  valueAndGrad<Rest extends Array[]>(
    run: (weights: Array[], ...rest: Rest) => Array,
  ): (weights: Array[], ...rest: Rest) => [Array, Array[]];
  numpy: {
    array(values: Float32Array): Array;
    zerosLike(array: Array): Array;
    matmul(a: Array, b: Array): Array;
    max(array: Array, axis?: number | number[]): Array;
  };
  lax: {
    conv(x: Array, w: Array, strides: number[], padding: string): Array;
  };
  nn: { relu(x: Array): Array; logSoftmax(x: Array, axis: number): Array };
}

/** Steps by jax-js: forward, gradients and update, in one `jit` or without. */
export function openJax(
  device: "wasm" | "webgpu",
  { jit }: { jit: boolean },
): OpenPeer {
  return async (problem) => {
    // Not a literal, so that neither the lock file nor the type check sees it.
    const specifier = ["npm:@jax-js/jax", "0.1.25"].join("@");
    const jax: Jax = await import(specifier);
    if (!(await jax.init(device)).includes(device)) {
      throw new Error(`jax-js cannot open ${device}`);
    }
    jax.defaultDevice(device);
    const { numpy } = jax;
    const { batch } = problem;
    const [height, width, channels] = input.shape;
    const put = (values: Float32Array, shape: number[]) =>
      numpy.array(values).reshape(shape);
    const [images, labels] = await jax.blockUntilReady([
      put(channelsFirst(problem), [batch, channels, height, width]),
      put(problem.labels, [batch, input.classes]),
    ]) as [Array, Array];
    let weights = problem.parameters.map((parameter) => {
      const { shape, data } = toTorchLayout(parameter, parameter.values);
      return put(data, shape);
    });
    let velocities = weights.map((weight) => numpy.zerosLike(weight.ref));

    const meanLoss = (weights: Array[], images: Array, labels: Array) =>
      jax.nn.logSoftmax(logits(jax, problem, { images, weights }), -1)
        .mul(labels).sum(-1).mean().neg();
    const update = (
      weights: Array[],
      velocities: Array[],
      images: Array,
      labels: Array,
    ): [Array, Array[], Array[]] => {
      const [loss, gradients] = jax.valueAndGrad(meanLoss)(
        weights.map(({ ref }) => ref),
        images,
        labels,
      );
      const next = velocities.map((velocity, i) =>
        velocity.mul(sgd.momentum).add(gradients[i]!)
      );
      return [
        loss,
        weights.map((weight, i) =>
          weight.sub(next[i]!.ref.mul(sgd.learningRate))
        ),
        next,
      ];
    };
    const run = jit ? jax.jit(update) : update;
    let loss: Array | undefined;
    return {
      async step() {
        [loss, weights, velocities] = run(
          weights,
          velocities,
          images.ref,
          labels.ref,
        );
        await jax.blockUntilReady([loss, weights, velocities]);
      },
      loss: async () => (await loss!.data())[0]!,
    };
  };
}

/** The logits, channels first as jax-js has its convolutions. */
function logits(
  { lax, nn, numpy }: Jax,
  { network, batch }: Problem,
  { images, weights }: { images: Array; weights: readonly Array[] },
): Array {
  const left = [...weights];
  const next = () => left.shift()!;
  let x = images;
  for (const layer of network.layers) {
    switch (layer.type) {
      case "scale":
        x = x.mul(layer.factor).add(layer.offset);
        break;
      case "conv": {
        x = lax.conv(x, next(), [1, 1], "SAME");
        x = x.add(next().reshape([x.shape[1]!, 1, 1]));
        break;
      }
      case "relu":
        x = nn.relu(x);
        break;
      case "maxPool": {
        // Twice as fast as its `reduceWindow`.
        const [b, c, h, w] = x.shape as [number, number, number, number];
        x = numpy.max(x.reshape([b, c, h / 2, 2, w / 2, 2]), [3, 5]);
        break;
      }
      case "flatten":
        x = x.reshape([batch, -1]);
        break;
      case "dense":
        x = numpy.matmul(x, next().transpose()).add(next());
        break;
      default:
        throw new RangeError(`${layer.type} is not written for this library`);
    }
  }
  return x;
}

/** Pixels as `[b, c, h, w]`. */
function channelsFirst({ pixels, batch }: Problem): Float32Array {
  const [height, width, channels] = input.shape;
  const size = height * width;
  const data = new Float32Array(pixels.length);
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < channels; c++) {
        data[(image * channels + c) * size + i] =
          pixels[(image * size + i) * channels + c]!;
      }
    }
  }
  return data;
}
