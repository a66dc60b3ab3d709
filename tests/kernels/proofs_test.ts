import { assert, assertEquals } from "@std/assert";
import { proofs } from "./proofs.ts";

Deno.test("every case of the kernels names a test that exists", async () => {
  assertEquals(new Set(proofs.map((proof) => proof.of)).size, proofs.length);
  for (const { file, test } of proofs) {
    const text = await Deno.readTextFile(
      new URL(`../${file}`, import.meta.url),
    );
    assert(text.includes(test), `${file} has no test "${test}"`);
  }
});
