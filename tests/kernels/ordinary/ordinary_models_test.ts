import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { slowTest } from "../../slow.ts";
import { useWasm } from "../wasm/_wasm.ts";
import { judgeModel, rightLosses } from "./judge_model.ts";
import { trainModel } from "./ordinary_model.ts";
import { ordinaryModels } from "./ordinary_models.ts";
import { steps } from "./run_models.ts";
import { startModels } from "./start_models.ts";

/** One model of each kind that failed on the official backend. */
const quick = [
  "attention layer",
  "causal conv1d, dilations 1, 2 and 4",
  "conv2d, maxPooling2d 2",
  "conv3d, maxPooling3d",
  "depthwiseConv2d 1,3, stride 2, same",
  "depthwiseConv2d 2,2, stride 3, same",
  "depthwiseConv2d 3,1, stride 1,2, same",
  "depthwiseConv2d 3,1, stride 2, same",
  "embedding, dense",
  "embedding, mask, lstm",
  "gradient penalty",
  "MobileNet v2 block",
  "morphology (dilation2d)",
  "two conv3d layers",
  "U-Net",
];

for (const name of quick) {
  Deno.test(`wasm: ${name} trains as on cpu, losses within 1e-3`, async () => {
    const { start, reference } = ordinaryModels.find((model) =>
      model.name === name
    )!;
    await useWasm();
    const losses = await trainModel(start, steps);
    await tf.setBackend("cpu");
    const right = await trainModel(reference?.start ?? start, steps);
    assertEquals(judgeModel({ losses }, right).kind, "trains");
  });
}

slowTest(
  "wasm: every ordinary model trains as on cpu, losses within 1e-3",
  async () => {
    const [ours, cpu] = await Promise.all([
      startModels("wasm", "ours"),
      startModels("cpu", "plain"),
    ]);
    assert(ordinaryModels.length >= 130);
    assertEquals(
      new Set(ordinaryModels.map(({ name }) => name)).size,
      ordinaryModels.length,
    );
    for (const { name } of ordinaryModels) {
      const right = rightLosses(cpu, name);
      // The later steps are of other weights than the first.
      assert(Math.abs(right.at(-1)! - right[0]!) > 1e-6, `${name} learns`);
      const verdict = judgeModel(ours[name]!, right);
      assertEquals(
        verdict.kind,
        "trains",
        `${name}: ${JSON.stringify(verdict)}`,
      );
    }
  },
);
