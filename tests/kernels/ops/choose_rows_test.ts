import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../../../src/spec/backends.ts";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { chooseRows } from "../../../src/kernels/ops/choose_rows.ts";
import { webgpuTest } from "../../webgpu_available.ts";

const rows = 5;
const size = 4 * 4 * 3;
const mask = [true, false, false, true, false];

async function check(name: BackendName) {
  await openBackend(name);
  const before = tf.memory().numTensors;
  const yes = Array.from({ length: rows * size }, (_, i) => i);
  // Rows that are not chosen must have no effect, whatever they hold.
  const no = yes.map((v) => mask[Math.floor(v / size)] ? NaN : -v);
  const [ofYes, ofNo] = [yes, no].map((values) =>
    tf.tensor4d(values, [rows, 4, 4, 3])
  );
  const which = tf.tensor1d(mask, "bool");
  const chosen = chooseRows(which as tf.Tensor1D, ofYes!, ofNo!);
  assertEquals(
    [...await chosen.data()],
    yes.map((v) => mask[Math.floor(v / size)] ? v : -v),
  );
  tf.dispose([ofYes!, ofNo!, which, chosen]);
  assertEquals(tf.memory().numTensors, before);
}

for (const name of ["wasm", "cpu"] as const) {
  Deno.test(`${name}: chooseRows() takes whole rows`, () => check(name));
}
webgpuTest("chooseRows() takes whole rows", () => check("webgpu"));
