import { assert, assertEquals, assertThrows } from "@std/assert";
import { listFiles, writeContributing } from "./layers/describe_layers.ts";
import {
  findCycle,
  layerOf,
  listArrows,
  reduceArrows,
} from "./layers/layer_arrows.ts";
import { layers, type Side } from "./layers/layers.ts";
import { readGraph, readImports } from "./layers/read_imports.ts";

const files = listFiles();
const imports = await readImports(files);
const names = layers.map(({ name }) => name);
const arrows = listArrows(imports, names);

/** Each name with the names after it: a graph as text. */
const graphOf = (...lines: string[]) =>
  lines.flatMap((line) => {
    const [from, ...targets] = line.split(" ");
    return targets.map((to) => ({ from: from!, to }));
  });

Deno.test("readImports() reads every file of src/ and the entry points, types and dynamic imports too", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
  ) as { exports: Record<string, string> };
  for (const path of Object.values(exports)) {
    assert(files.includes(path.replace("./", "")), `${path} is not read`);
  }
  // Counted by words in the text, another way than by the module graph.
  const counted = { type: 0, dynamic: 0, files: 0 };
  for (const file of files) {
    const text = await Deno.readTextFile(
      new URL(`../${file}`, import.meta.url),
    );
    counted.type += text.match(/^(import|export) type [^;]* from "\.[^;]*";$/gm)
      ?.length ?? 0;
    counted.dynamic += text.match(/\bimport\(\s*"\./g)?.length ?? 0;
    counted.files += /^import .*";$/m.test(text) ? 1 : 0;
  }
  const own = imports.filter(({ isPackage }) => !isPackage);
  assert(counted.type > 100 && counted.dynamic > 2, JSON.stringify(counted));
  assert(own.filter(({ isTypeOnly }) => isTypeOnly).length >= counted.type / 2);
  assert(new Set(imports.map(({ from }) => from)).size >= counted.files);
  assert(
    own.some(({ from, to }) =>
      from.endsWith("/open_backend.ts") && to.endsWith("/_open_webgpu.ts")
    ),
    "a dynamic import is read",
  );
});

Deno.test("src/ every import between layers is in the table", () => {
  const wrong = arrows.filter(({ from, to }) =>
    !layers.find(({ name }) => name === from)?.imports.includes(to)
  );
  assertEquals(wrong.map(({ example }) => example), []);
});

Deno.test("src/ every arrow of the table is that of an import, to a layer before it", () => {
  for (const [at, { name, imports }] of layers.entries()) {
    const drawn = arrows.filter(({ from }) => from === name)
      .map(({ to }) => to);
    assertEquals(imports.filter((to) => !drawn.includes(to)), [], name);
    const before = names.slice(0, at);
    assertEquals(imports.filter((to) => !before.includes(to)), [], name);
  }
});

Deno.test("src/ records and the engine import the base and themselves, never each other", () => {
  const sideOf = new Map(layers.map(({ name, side }) => [name, side]));
  const allowed: Record<Side, Side[]> = {
    base: ["base"],
    engine: ["base", "engine"],
    records: ["base", "records"],
    meeting: ["base", "engine", "records", "meeting"],
  };
  for (const { name, side, imports } of layers) {
    for (const to of imports) {
      assert(allowed[side].includes(sideOf.get(to)!), `${name} -> ${to}`);
    }
  }
});

/** Where programs enter the record side, which must not load the engine. */
const engineFree = [
  "src/spec/study.ts",
  "src/spec/plan_cells.ts",
  "src/results/read_result_set.ts",
  "src/results/merge_result_sets.ts",
  "src/analysis/analyse.ts",
  "src/compare/compare_result_sets.ts",
  "src/export/ro_crate.ts",
  "src/export/result_table.ts",
  "src/report/make_report.ts",
  "src/results/check_result_set.ts",
];
for (const file of engineFree) {
  Deno.test(`${file} reaches no module of TensorFlow.js or imagescript`, async () => {
    const reached = (await readGraph([file])).map(({ specifier }) => specifier);
    assert(reached.some((specifier) => specifier.endsWith(file)), "it is read");
    assertEquals(
      reached.filter((one) => /tensorflow|imagescript/.test(one)),
      [],
    );
  });
}

Deno.test("src/cell/run_cell.ts reaches TensorFlow.js, so that the search for it can fail", async () => {
  const reached = await readGraph(["src/cell/run_cell.ts"]);
  assert(reached.some(({ specifier }) => /tensorflow/.test(specifier)));
});

Deno.test("src/ no import leads back to its own layer by way of others", () => {
  assertEquals(findCycle(arrows), undefined);
});

Deno.test("src/ every package is imported by the layers that name it alone", () => {
  const foreign = imports.filter(({ to, isPackage }) =>
    isPackage && !to.startsWith("node:")
  );
  const used = (name: string) =>
    new Set(
      foreign.filter(({ from }) => layerOf(from, names) === name)
        .map(({ to }) => to),
    );
  for (const { name, packages = [] } of layers) {
    assertEquals([...used(name)].sort(), [...packages].sort(), name);
  }
});

Deno.test("CONTRIBUTING.md shows the layers as they are (deno task diagram)", async () => {
  const { now, due } = await writeContributing();
  assertEquals(now, due);
});

Deno.test("layerOf() takes the longest name, and no file without a layer", () => {
  const names = ["kernels", "kernels/wasm", "mod.ts"];
  assertEquals(layerOf("src/kernels/wasm/sum.ts", names), "kernels/wasm");
  assertEquals(layerOf("src/kernels/mod.ts", names), "kernels");
  assertEquals(layerOf("mod.ts", names), "mod.ts");
  assertThrows(() => layerOf("src/kernels2/a.ts", names), Error, "no layer");
});

Deno.test("findCycle() finds a cycle, and none in a diamond", () => {
  const diamond = graphOf("a b c", "b d", "c d");
  assertEquals(findCycle(diamond), undefined);
  assertEquals(findCycle([...diamond, ...graphOf("d b")]), ["b", "d", "b"]);
});

Deno.test("reduceArrows() leaves out what a longer way stands for", () => {
  const arrows = graphOf("a b c d", "b c", "c d");
  assertEquals(reduceArrows(arrows), graphOf("a b", "b c", "c d"));
});
