import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {
  joinParts,
  type Part,
  retire,
  type Search,
  type SearchState,
} from "../../src/attacks/_retire.ts";
import { openBackend } from "../../src/backend/open_backend.ts";

/** A search in which image i is all i, and some images are misclassified. */
function searchOf(fooled: boolean[]): Search<SearchState> {
  const pixels = fooled.flatMap((_, i) => Array(12).fill(i));
  return {
    state: {
      fooled: tf.tensor1d(fooled, "bool"),
      found: tf.tensor4d(pixels, [fooled.length, 2, 2, 3]),
    },
    places: [...fooled.keys()],
  };
}

Deno.test("wasm: retire() and joinParts() keep every image and their order", async () => {
  await openBackend("wasm");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      async (first, then) => {
        const before = tf.memory().numTensors;
        const parts: Part[] = [];
        const one = await retire(searchOf(first));
        parts.push(...one.retired);
        assertEquals(
          one.retired.flatMap(({ places }) => places),
          [...first.keys()].filter((place) => first[place]),
        );
        if (one.search !== undefined) {
          const { state, places } = one.search;
          state.fooled.dispose();
          const fooled = tf.tensor1d(places.map((at) => then[at]!), "bool");
          const two = await retire({ state: { ...state, fooled }, places });
          parts.push(...two.retired);
          if (two.search !== undefined) {
            const { places, state: { found, fooled } } = two.search;
            parts.push({ places, images: found });
            fooled.dispose();
          }
        }
        const joined = joinParts(parts);
        assertEquals(
          [...await joined.data()],
          first.flatMap((_, i) => Array(12).fill(i)),
        );
        joined.dispose();
        assertEquals(tf.memory().numTensors, before);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("wasm: retire() waits until enough images are misclassified", async () => {
  await openBackend("wasm");
  const search = searchOf([true, false, false, false]);
  const few = await retire(search, 1 / 2);
  assertEquals(few.retired, []);
  assertEquals(few.search?.places, [0, 1, 2, 3]);
  const enough = await retire(few.search!, 1 / 4);
  assertEquals(enough.search?.places, [1, 2, 3]);
  tf.dispose([
    enough.search!.state,
    enough.retired.map(({ images }) => images),
  ]);
});
