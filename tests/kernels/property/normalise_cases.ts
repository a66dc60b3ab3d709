import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase, sizeOf } from "./drawn_case.ts";

/**
 * Batch normalisation with one mean and variance per channel, given or those of
 * the images, as layers have it in training. TensorFlow.js has no gradients where
 * the scale or the offset is left out: it saves what is undefined.
 */
export function drawBatchNorm(draw: Draw): DrawnCase {
  const rank = draw.whole(2, 4);
  const shape = Array.from({ length: rank }, () => draw.whole(1, 5));
  const channels = shape.at(-1)!;
  const rows = sizeOf(shape) / channels;
  const epsilon = draw.one([0.001, 0.25]);
  const [scales, shifts, trains] = [1, 2, 3].map(() => draw.whole(0, 1) === 1);
  const axes = shape.slice(1).map((_, i) => i);
  const ofChannels = () => draw.lattice([channels]);
  return {
    text: `batchNorm of [${shape}], epsilon ${epsilon}, ${
      trains ? "moments" : "constants"
    }${scales ? ", scale" : ""}${shifts ? ", offset" : ""}`,
    inputs: [
      draw.lattice(shape),
      ...(trains ? [] : [ofChannels(), ofChannels()]),
      ...(scales ? [ofChannels()] : []),
      ...(shifts ? [ofChannels()] : []),
    ],
    orders: scales && shifts ? 2 : 0,
    run(x, ...rest) {
      const of = trains ? tf.moments(x!, axes) : undefined;
      const mean = of?.mean ?? rest.shift()!;
      // No variance is negative, nor near a pole of the root.
      const variance = tf.add(of?.variance ?? tf.square(rest.shift()!), 0.5);
      const scale = scales ? rest.shift() : undefined;
      return tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        rest[0] as tf.Tensor1D | undefined,
        scale as tf.Tensor1D | undefined,
        epsilon,
      );
    },
    reference(x, ...rest) {
      const column = (c: number) => x!.filter((_, i) => i % channels === c);
      const all = Array.from({ length: channels }, (_, c) => column(c));
      const average = (list: number[]) =>
        list.reduce((sum, value) => sum + value, 0) / rows;
      const mean = trains ? all.map(average) : rest.shift()!;
      const variance = trains
        ? all.map((list, c) => average(list.map((v) => (v - mean[c]!) ** 2)))
        : rest.shift()!.map((v) => v * v);
      const scale = scales ? rest.shift()! : mean.map(() => 1);
      const offset = shifts ? rest.shift()! : mean.map(() => 0);
      return x!.map((value, i) => {
        const c = i % channels;
        const deviation = Math.sqrt(variance[c]! + 0.5 + epsilon);
        return (value - mean[c]!) / deviation * scale[c]! + offset[c]!;
      });
    },
  };
}
