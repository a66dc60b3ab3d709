import * as tf from "@tensorflow/tfjs";
import {
  draw,
  drawIntegers,
  type Objective,
  type OrdinaryModel,
  startObjective,
} from "./ordinary_model.ts";

const variable = (shape: number[], seed: number, scale = 0.5) =>
  tf.tidy(() => tf.variable(tf.mul(draw(shape, seed), scale)));

const loss = (x: tf.Tensor) => tf.mean(x) as tf.Scalar;

/** Training loops without layers: variables, operations and an optimizer. */
export function listCoreModels(): OrdinaryModel[] {
  const objectives: Record<string, () => Objective> = {
    "polynomial by gradient descent"() {
      const x = draw([16], 1);
      const [a, b, c] = [2, 3, 4].map((seed) => variable([], seed));
      return {
        variables: [a!, b!, c!],
        data: [x],
        loss: () =>
          loss(tf.square(tf.sub(
            tf.sin(x),
            tf.add(tf.add(tf.mul(a!, tf.square(x)), tf.mul(b!, x)), c!),
          ))),
      };
    },
    "gradient penalty"() {
      const x = draw([6, 4], 1);
      const [w1, w2] = [variable([4, 5], 2), variable([5, 1], 3)];
      const score = (x: tf.Tensor) =>
        tf.matMul(tf.relu(tf.matMul(x as tf.Tensor2D, w1)), w2 as tf.Tensor2D);
      return {
        variables: [w1, w2],
        data: [x],
        loss() {
          const slopes = tf.grad((x) => tf.sum(score(x)))(x);
          const norms = tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1), 1e-6));
          return loss(tf.square(tf.sub(norms, 1)));
        },
      };
    },
    "gradient penalty of a convolution"() {
      const x = draw([2, 5, 5, 2], 1);
      const filter = variable([3, 3, 2, 3], 2);
      return {
        variables: [filter],
        data: [x],
        loss() {
          const slopes = tf.grad((x) =>
            tf.sum(tf.square(tf.relu(
              tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
            )))
          )(x);
          return loss(tf.square(slopes));
        },
      };
    },
    "adversarial pair of networks"() {
      const [noise, real] = [draw([6, 3], 1), draw([6, 4], 2)];
      const [maker, judge] = [variable([3, 4], 3), variable([4, 1], 4)];
      const score = (x: tf.Tensor) =>
        tf.matMul(x as tf.Tensor2D, judge as tf.Tensor2D);
      return {
        variables: [maker, judge],
        data: [noise, real],
        loss() {
          const made = tf.tanh(tf.matMul(noise as tf.Tensor2D, maker));
          return tf.add(
            loss(tf.softplus(score(made))),
            loss(tf.softplus(tf.neg(score(real)))),
          );
        },
      };
    },
    "word vectors by gather"() {
      const vectors = variable([10, 4], 1);
      const [from, to] = [2, 3].map((seed) =>
        drawIntegers([12], { end: 10, seed })
      );
      return {
        variables: [vectors],
        data: [from!, to!],
        loss() {
          const pairs = tf.mul(
            tf.gather(vectors, from as tf.Tensor1D),
            tf.gather(vectors, to as tf.Tensor1D),
          );
          return loss(tf.softplus(tf.neg(tf.sum(pairs, 1))));
        },
      };
    },
    "values of chosen actions (DQN)"() {
      const states = draw([8, 4], 1);
      const actions = drawIntegers([8], { end: 3, seed: 2 });
      const [w1, w2] = [variable([4, 6], 3), variable([6, 3], 4)];
      const due = draw([8], 5);
      return {
        variables: [w1, w2],
        data: [states, actions, due],
        optimizer: tf.train.adam(0.05),
        loss() {
          const hidden = tf.relu(tf.matMul(states as tf.Tensor2D, w1));
          const values = tf.matMul(hidden, w2 as tf.Tensor2D);
          const chosen = tf.sum(
            tf.mul(values, tf.oneHot(actions as tf.Tensor1D, 3)),
            1,
          );
          return tf.losses.huberLoss(due, chosen) as tf.Scalar;
        },
      };
    },
    "policy gradient"() {
      const states = draw([8, 4], 1);
      const actions = drawIntegers([8], { end: 3, seed: 2 });
      const gains = draw([8], 3);
      const w = variable([4, 3], 4);
      return {
        variables: [w],
        data: [states, actions, gains],
        loss() {
          const logs = tf.logSoftmax(tf.matMul(states as tf.Tensor2D, w));
          const chosen = tf.sum(
            tf.mul(logs, tf.oneHot(actions as tf.Tensor1D, 3)),
            1,
          );
          return loss(tf.neg(tf.mul(chosen, gains)));
        },
      };
    },
    "contrastive loss"() {
      const [a, b] = [draw([6, 5], 1), draw([6, 5], 2)];
      const w = variable([5, 3], 3);
      const embed = (x: tf.Tensor) => {
        const y = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
        return tf.div(y, tf.norm(y, 2, 1, true));
      };
      return {
        variables: [w],
        data: [a, b],
        loss() {
          const likeness = tf.matMul(embed(a), embed(b), false, true);
          return tf.losses.softmaxCrossEntropy(tf.eye(6), likeness);
        },
      };
    },
    "variational autoencoder"() {
      const [x, noise] = [draw([6, 5], 1), draw([6, 2], 2)];
      const [mean, spread, decode] = [
        variable([5, 2], 3),
        variable([5, 2], 4),
        variable([2, 5], 5),
      ];
      return {
        variables: [mean, spread, decode],
        data: [x, noise],
        loss() {
          const m = tf.matMul(x as tf.Tensor2D, mean as tf.Tensor2D);
          const s = tf.matMul(x as tf.Tensor2D, spread as tf.Tensor2D);
          const z = tf.add(m, tf.mul(tf.exp(s), noise));
          const made = tf.matMul(z as tf.Tensor2D, decode as tf.Tensor2D);
          const divergence = tf.sub(
            tf.add(tf.exp(tf.mul(2, s)), tf.square(m)),
            tf.add(1, tf.mul(2, s)),
          );
          return tf.add(
            loss(tf.square(tf.sub(made, x))),
            loss(tf.mul(0.1, divergence)),
          );
        },
      };
    },
    "group normalisation"() {
      const x = draw([3, 4, 4, 4], 1);
      const [filter, gain] = [variable([3, 3, 4, 4], 2), variable([4], 3)];
      return {
        variables: [filter, gain],
        data: [x],
        loss() {
          const y = tf.conv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            1,
            "same",
          );
          const groups = tf.reshape(y, [3, 4, 4, 2, 2]);
          const { mean, variance } = tf.moments(groups, [1, 2, 4], true);
          const even = tf.div(
            tf.sub(groups, mean),
            tf.sqrt(tf.add(variance, 1e-3)),
          );
          const scaled = tf.mul(tf.reshape(even, y.shape), gain);
          return loss(tf.square(tf.sub(scaled, x)));
        },
      };
    },
    "fused dense and convolution"() {
      const x = draw([3, 5, 5, 2], 1);
      const [filter, bias] = [variable([3, 3, 2, 4], 2), variable([4], 3)];
      const [w, b] = [variable([36, 2], 4), variable([2], 5)];
      return {
        variables: [filter, bias, w, b],
        data: [x],
        loss() {
          const y = tf.fused.conv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 1,
            pad: "valid",
            bias,
            activation: "relu",
          });
          const end = tf.fused.matMul({
            a: tf.reshape(y, [3, 36]) as tf.Tensor2D,
            b: w as tf.Tensor2D,
            bias: b,
          });
          return loss(tf.square(tf.sub(end, 0.3)));
        },
      };
    },
    "batched products"() {
      const x = draw([3, 4, 5], 1);
      const w = variable([3, 5, 2], 2);
      return {
        variables: [w],
        data: [x],
        loss: () =>
          loss(tf.square(tf.sub(
            tf.matMul(x as tf.Tensor3D, w as tf.Tensor3D),
            0.2,
          ))),
      };
    },
    "cumulative sums and slices"() {
      const w = variable([6, 4], 1);
      return {
        variables: [w],
        loss: () =>
          loss(tf.square(tf.sub(
            tf.concat([
              tf.slice(tf.cumsum(w, 1), [1, 0], [4, 4]),
              tf.reverse(tf.slice(w, [0, 0], [2, 4]), 0),
            ]),
            0.3,
          ))),
      };
    },
    "largest values and reductions"() {
      const w = variable([6, 4], 1);
      return {
        variables: [w],
        loss: () =>
          tf.addN([
            loss(tf.square(tf.max(w, 1))),
            loss(tf.square(tf.min(w, 0))),
            loss(tf.logSumExp(w, 1)),
            loss(tf.prod(tf.add(1, tf.square(w)), 1)),
          ]) as tf.Scalar,
      };
    },
    "elementwise functions"() {
      const w = variable([24], 1);
      const isOdd = tf.tensor1d(
        Array.from({ length: 24 }, (_, i) => i % 2),
        "bool",
      );
      return {
        variables: [w],
        data: [isOdd],
        loss() {
          const above = tf.add(tf.abs(w), 0.5);
          return loss(tf.addN([
            tf.square(tf.erf(w)),
            tf.log1p(above),
            tf.rsqrt(above),
            tf.atan(w),
            tf.square(tf.cos(w)),
            tf.expm1(tf.mul(0.1, w)),
            tf.pow(above, 1.5),
            tf.where(isOdd, tf.square(w), tf.neg(w)),
            tf.clipByValue(w, -0.3, 0.3),
          ]));
        },
      };
    },
    "local response normalisation"() {
      const x = draw([2, 5, 5, 3], 1);
      const filter = variable([3, 3, 3, 6], 2);
      return {
        variables: [filter],
        data: [x],
        loss: () =>
          loss(tf.square(tf.localResponseNormalization(
            tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
            2,
          ))),
      };
    },
    "bilinear resizing"() {
      const x = draw([2, 4, 4, 2], 1);
      const filter = variable([3, 3, 2, 2], 2);
      return {
        variables: [filter],
        data: [x],
        loss: () =>
          loss(tf.square(tf.image.resizeBilinear(
            tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
            [7, 6],
            true,
          ))),
      };
    },
    "mirrored padding"() {
      const x = draw([2, 4, 4, 2], 1);
      const filter = variable([3, 3, 2, 4], 2);
      return {
        variables: [filter],
        data: [x],
        loss() {
          const padded = tf.mirrorPad(
            x as tf.Tensor4D,
            [[0, 0], [1, 1], [1, 1], [0, 0]],
            "reflect",
          );
          const y = tf.conv2d(padded, filter as tf.Tensor4D, 1, "valid");
          return loss(tf.square(y));
        },
      };
    },
    "convolution, pooling and rounding up"() {
      const x = draw([2, 6, 6, 2], 1);
      const filter = variable([3, 3, 2, 3], 2);
      return {
        variables: [filter],
        data: [x],
        loss() {
          const y = tf.conv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            2,
            1,
            "NHWC",
            1,
            "floor",
          );
          const pooled = tf.maxPool(y as tf.Tensor4D, 2, 2, 0, "floor");
          return loss(tf.square(tf.sub(pooled, 0.4)));
        },
      };
    },
    "morphology (dilation2d)"() {
      const x = draw([2, 5, 5, 2], 1);
      const filter = variable([3, 3, 2], 2);
      return {
        variables: [filter],
        data: [x],
        loss: () =>
          loss(tf.square(tf.dilation2d(
            x as tf.Tensor4D,
            filter as tf.Tensor3D,
            1,
            "same",
          ))),
      };
    },
  };
  return Object.entries(objectives).map(([name, make]) => ({
    name,
    group: "Training loops without layers",
    start: () => startObjective(make),
  }));
}
