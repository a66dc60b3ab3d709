import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../../src/backend/open_backend.ts";
import { useTiles } from "../../../src/kernels/webgpu/kernel_host.ts";
import {
  hardwareTiles,
  softwareTiles,
} from "../../../src/kernels/webgpu/tile_plan.ts";
import { webgpuTest } from "../../webgpu_available.ts";

for (const [name, tiles] of Object.entries({ hardwareTiles, softwareTiles })) {
  webgpuTest(
    `a convolution has more rows than a device has workgroups in one direction, by ${name}`,
    async () => {
      const { settle } = await openBackend("webgpu");
      const before = useTiles(tf.backend(), tiles);
      try {
        // In groups of 64 pixels, a few more than 65,535.
        const [height, width] = [2050, 2048];
        const values = Float32Array.from(
          { length: height * width },
          (_, i) => i % 8191,
        );
        const filters = [1, 2, 3, 4, 5];
        const x = tf.tensor4d(values, [1, height, width, 1]);
        const filter = tf.tensor4d(filters, [1, 1, 1, 5]);
        const y = tf.conv2d(x, filter, 1, "valid");
        const found = await y.data() as Float32Array;
        await settle();
        let wrong = 0;
        found.forEach((value, i) => {
          if (value !== values[Math.floor(i / 5)]! * filters[i % 5]!) wrong++;
        });
        assertEquals([found.length, wrong], [5 * values.length, 0]);
        tf.dispose([x, filter, y]);
      } finally {
        useTiles(tf.backend(), before);
      }
    },
  );
}
