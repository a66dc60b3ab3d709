/** Placeholder until spec has it. */
export type Layer =
  | {
    type: "conv";
    filters: number;
    kernel: number;
    stride: number;
    padding: "same" | number;
    bias: boolean;
    frozen: boolean;
  }
  | { type: "dense"; units: number; bias: boolean; frozen: boolean }
  | {
    type: "batchNorm";
    momentum: number;
    epsilon: number;
    scale: boolean;
    shift: boolean;
    frozen: boolean;
  }
  | { type: "relu" }
  | { type: "maxPool"; size: number; stride: number }
  | { type: "avgPool"; size: number; stride: number }
  | { type: "globalAvgPool" }
  | {
    type: "residual";
    layers: Layer[];
    shortcut: "identity" | "pad" | "project";
  }
  | { type: "dropout"; rate: number }
  | { type: "scale"; factor: number; offset: number }
  | { type: "flatten" };

export interface Parameter {
  name: string;
  shape: readonly number[];
  kind: "weight" | "bias" | "statistic";
  isTrained: boolean;
}

interface Inferred<Type extends Layer["type"]> {
  layer: Extract<Layer, { type: Type }>;
  input: readonly number[];
  output: readonly number[];
  parameters: readonly Parameter[];
  layers?: readonly InferredLayer[];
  shortcut?: readonly InferredLayer[];
}

export type InferredLayer<Type extends Layer["type"] = Layer["type"]> =
  Type extends Layer["type"] ? Inferred<Type> : never;
