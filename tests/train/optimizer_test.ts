import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../src/backend/open_backend.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import type { Parameter } from "../../src/spec/infer_network.ts";
import type { OptimizerSpec } from "../../src/spec/optimizers.ts";

const gradients = [[0.5, -1], [0.25, 2], [-1.5, 0.125]];

type Kind = Parameter["kind"];

const sgd = {
  name: "sgd",
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 0.01,
} as const;
const grouped = { ...sgd, decayOn: "weights", biasRate: 4 } as const;

const decayed = [
  [0.9490000009536743, -1.8980000019073486],
  [0.8771510124206543, -2.0043020248413086],
  [0.9616097807884216, -2.1104695796966553],
];
const undecayed = [
  [0.949999988079071, -1.899999976158142],
  [0.8799999952316284, -2.009999990463257],
  [0.9670000076293945, -2.121500015258789],
];
const fast = [
  [0.800000011920929, -1.600000023841858],
  [0.5200000405311584, -2.0399999618530273],
  [0.8680000305175781, -2.4860000610351562],
];

// What PyTorch 1.13 gave on the weights (1, -2): SGD(lr=.1, momentum=.9,
// weight_decay=.01), the same with nesterov=True, with weight_decay=0, and with
// weight_decay=0 and lr=.4; Adam and AdamW(lr=.1, weight_decay=.01).
const torch: [OptimizerSpec, Kind[], number[][]][] = [
  [sgd, ["weight", "bias", "scale", "shift"], decayed],
  [grouped, ["weight"], decayed],
  [grouped, ["scale"], undecayed],
  [grouped, ["bias", "shift"], fast],
  [
    { ...sgd, nesterov: true },
    ["weight"],
    [
      [0.9031000137329102, -1.8062000274658203],
      [0.8125741481781006, -2.1001482009887695],
      [1.0378696918487549, -2.2060868740081787],
    ],
  ],
  [
    { name: "adamw", learningRate: 0.1, weightDecay: 0.01 },
    ["weight"],
    [
      [0.8990000486373901, -1.8980000019073486],
      [0.8048830628395081, -1.932712435722351],
      [0.8388004899024963, -1.9626030921936035],
    ],
  ],
  [
    { name: "adam", learningRate: 0.1, weightDecay: 0.01 },
    ["weight"],
    [
      [0.9000000357627869, -1.899999976158142],
      [0.8065550923347473, -1.93550443649292],
      [0.8403716087341309, -1.965945839881897],
    ],
  ],
];

for (const backend of ["cpu", "wasm"] as const) {
  for (const [spec, kinds, expected] of torch) {
    for (const kind of kinds) {
      Deno.test(`${backend}: buildOptimizer() ${describe(spec)} steps on a ${kind} as PyTorch's does`, async () => {
        await openBackend(backend);
        const before = tf.memory().numTensors;
        const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
        const optimizer = buildOptimizer(spec, [weight], { kinds: [kind] });
        for (const [step, gradient] of gradients.entries()) {
          const tensor = tf.tensor1d(gradient);
          optimizer.update([tensor], spec.learningRate);
          tensor.dispose();
          const values = await weight.data();
          expected[step]!.forEach((want, i) =>
            assertAlmostEquals(values[i]!, want, 1e-6)
          );
        }
        optimizer.dispose();
        weight.dispose();
        assertEquals(tf.memory().numTensors, before);
      });
    }
  }
}

function describe(spec: OptimizerSpec): string {
  return [
    spec.name,
    ...("nesterov" in spec ? ["with Nesterov's momentum"] : []),
    ...(spec.decayOn === undefined ? [] : ["with groups"]),
  ].join(" ");
}
