import { assertEquals } from "@std/assert";
import { toTorchLayout } from "../../src/models/torch_layout.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";

const { parameters: weights } = inferNetwork(
  publishedNetwork({ filters: [2, 3], hidden: 4, dropout: 0 }),
  { shape: [8, 8, 3], classes: 5 },
);

Deno.test("toTorchLayout() moves every entry of a convolution from HWIO to OIHW", () => {
  const conv2 = weights[2]!;
  const [h, w, inputs, outputs] = conv2.shape as [
    number,
    number,
    number,
    number,
  ];
  const values = Float32Array.from({ length: h * w * 6 }, (_, i) => i);
  const { name, shape, data } = toTorchLayout(conv2, values);
  assertEquals([name, shape], ["conv2.weight", [3, 2, 3, 3]]);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          assertEquals(
            data[((o * inputs + i) * h + y) * w + x],
            values[((y * w + x) * inputs + i) * outputs + o],
          );
        }
      }
    }
  }
});

Deno.test("toTorchLayout() gives fc1 the input order of PyTorch's flatten", () => {
  const fc1 = weights[4]!;
  const values = Float32Array.from({ length: 12 * 4 }, (_, i) => i);
  const { shape, data } = toTorchLayout(fc1, values);
  assertEquals(shape, [4, 12]);
  for (let out = 0; out < 4; out++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let position = 0; position < 4; position++) {
        assertEquals(
          data[out * 12 + channel * 4 + position],
          values[(position * 3 + channel) * 4 + out],
        );
      }
    }
  }
});

Deno.test("toTorchLayout() gives what belongs to a flattened image PyTorch's order", () => {
  const { parameters } = inferNetwork(
    defineNetwork({ type: "flatten" }, { type: "batchNorm" }, {
      type: "dense",
    }),
    { shape: [2, 1, 3], classes: 2 },
  );
  const values = Float32Array.of(0, 1, 2, 10, 11, 12);
  const { shape, data } = toTorchLayout(parameters[0]!, values);
  assertEquals([shape, [...data]], [[6], [0, 10, 1, 11, 2, 12]]);
});

Deno.test("toTorchLayout() transposes fc2 and leaves biases as they are", () => {
  const fc2 = toTorchLayout(
    weights[6]!,
    Float32Array.from({ length: 20 }, (_, i) => i),
  );
  assertEquals([...fc2.data.slice(0, 4)], [0, 5, 10, 15]);
  const bias = toTorchLayout(weights[7]!, new Float32Array([1, 2, 3, 4, 5]));
  assertEquals([...bias.data], [1, 2, 3, 4, 5]);
});
