import * as tf from "@tensorflow/tfjs";

/** A layer from a function of its input and its weights. */
export interface FunctionLayerOptions {
  /** Computes the output. */
  readonly run: (x: tf.Tensor, ...weights: tf.Tensor[]) => tf.Tensor;
  /** Shape of the output, given that of the input. */
  readonly outShape: (shape: number[]) => (number | null)[];
  /** Shapes of the weights, which begin as zeros. */
  readonly weights?: readonly number[][];
}

let made = 0;

/** Layers of users' own, as TensorFlow.js has them: a class is its only way. */
class FunctionLayer extends tf.layers.Layer {
  static className = "FunctionLayer";
  readonly #options: FunctionLayerOptions;
  #variables: tf.LayerVariable[] = [];

  constructor(options: FunctionLayerOptions) {
    super({ name: `function${made++}` });
    this.#options = options;
  }

  override build(): void {
    this.#variables = (this.#options.weights ?? []).map((shape, i) =>
      this.addWeight(
        `weight${i}`,
        shape,
        "float32",
        tf.initializers.zeros(),
      )
    );
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return this.#options.outShape(shape as number[]) as tf.Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    return this.#options.run(
      x!,
      ...this.#variables.map((variable) => variable.read()),
    );
  }
}

/** A layer from a function. */
export function functionLayer(options: FunctionLayerOptions): tf.layers.Layer {
  return new FunctionLayer(options);
}
