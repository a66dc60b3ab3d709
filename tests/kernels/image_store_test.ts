import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { gatherImages, pickImages } from "../../src/data/gather_images.ts";
import { storeImages } from "../../src/kernels/ops/image_store.ts";
import { webgpuTest } from "../webgpu_available.ts";

const anyBatch = fc.record({
  shape: fc.tuple(
    // Larger than moves, so that borders can be reflected.
    fc.integer({ min: 5, max: 9 }),
    fc.integer({ min: 5, max: 9 }),
    fc.constantFrom(1, 3),
  ),
  entries: fc.array(
    fc.record({
      row: fc.nat(6),
      down: fc.integer({ min: -4, max: 4 }),
      right: fc.integer({ min: -4, max: 4 }),
      flip: fc.boolean(),
      border: fc.constantFrom("black" as const, "reflect" as const),
      cutout: fc.record({
        top: fc.integer({ min: -3, max: 8 }),
        left: fc.integer({ min: -3, max: 8 }),
        side: fc.integer({ min: 0, max: 4 }),
      }),
    }),
    { maxLength: 5 },
  ),
  moves: fc.boolean(),
});

webgpuTest(
  "storeImages() gives the bits of batches made in JavaScript",
  async () => {
    const { maxTensorBytes } = await openBackend("webgpu");
    await fc.assert(
      fc.asyncProperty(anyBatch, async ({ shape, entries, moves }) => {
        const stream = openStream(1, "init", "bytes");
        const size = shape[0] * shape[1] * shape[2];
        const pixels = Uint8Array.from(
          { length: 7 * size },
          () => stream.below(256),
        );
        const images = { pixels, labels: new Uint8Array(7), rows: 7 };
        const rows = Uint32Array.from(entries, ({ row }) => row);
        const moveOf = moves ? (i: number) => entries[i]! : undefined;
        const store = storeImages({ pixels, shape }, maxTensorBytes)!;
        const batch = store.gather(pickImages(rows, moveOf));
        const actual = await batch.data();
        assertEquals(batch.shape, [rows.length, ...shape]);
        tf.dispose(batch);
        store.dispose();
        assertEquals(
          Float32Array.from(actual),
          gatherImages(images, shape, rows, moveOf),
        );
      }),
      { numRuns: 60, seed: 1 },
    );
  },
);

webgpuTest(
  "storeImages() leaves images beyond the largest tensor to JavaScript",
  async () => {
    await openBackend("webgpu");
    const images = { pixels: new Uint8Array(48), shape: [2, 2, 3] } as const;
    assertEquals(storeImages(images, 44), undefined);
    const before = tf.memory().numTensors;
    const store = storeImages(images, 48);
    assert(store !== undefined);
    store.dispose();
    assertEquals(tf.memory().numTensors, before);
  },
);

Deno.test("wasm: storeImages() stores nothing where the kernel is absent", async () => {
  await openBackend("wasm");
  const images = { pixels: new Uint8Array(48), shape: [2, 2, 3] } as const;
  assertEquals(storeImages(images, Infinity), undefined);
});
