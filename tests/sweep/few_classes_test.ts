import { assertEquals } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { runMain } from "../cli/run_main.ts";
import { inFolder } from "./tiny_sweep.ts";

Deno.test("sweep refuses APGD-T on three classes before it trains, and writes nothing", () =>
  inFolder(async (folder) => {
    for (const [grey, name] of ["ant", "bee", "cat"].entries()) {
      await Deno.mkdir(`${folder}/images/${name}`, { recursive: true });
      for (const i of [0, 1, 2, 3, 4]) {
        const pixels = new Uint8Array(32 * 32 * 3).fill(50 * grey + i);
        await Deno.writeFile(
          `${folder}/images/${name}/${i}.png`,
          await encodePng({ width: 32, height: 32, pixels }),
        );
      }
    }
    const ended = await runMain([
      "sweep",
      "--name=few-classes",
      "--dataset=folder",
      `--data-dir=${folder}/images`,
      "--attacks=fgsm,apgd-t-5",
      "--backend=wasm",
      `--out=${folder}/out.json`,
    ]);
    assertEquals(ended.code, 2, ended.stderr);
    assertEquals(
      ended.stderr.trim(),
      "The attack apgd-t-5 needs at least 4 classes, got 3",
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "images",
    ]);
  }));
