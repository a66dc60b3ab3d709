import { assert, assertEquals } from "@std/assert";
import { commands } from "../../src/cli/commands.ts";
import { type ModuleInfo, readGraph } from "../layers/read_imports.ts";

const graph = new Map(
  (await readGraph(["src/cli/entry.ts", "src/sweep/worker.ts"]))
    .map((module) => [module.specifier, module]),
);

const fileOf = (name: string) => new URL(`../../${name}`, import.meta.url).href;

type Dependency = NonNullable<ModuleInfo["dependencies"]>[number];

const dependenciesOf = (specifier: string): readonly Dependency[] =>
  graph.get(specifier)?.dependencies ?? [];

/** What is loaded with a module: all that it imports, but not by `import()`. */
function loadedWith(start: string): string[] {
  const seen = new Set<string>();
  const rest = [start];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const { code, isDynamic } of dependenciesOf(at)) {
      if (code?.specifier !== undefined && !isDynamic) {
        rest.push(code.specifier);
      }
    }
  }
  return [...seen];
}

const isPackage = (specifier: string) => specifier.startsWith("npm:");
const isTensorFlow = (specifier: string) => /tfjs/.test(specifier);

Deno.test("the entry of the command line loads no package", () => {
  const loaded = loadedWith(fileOf("src/cli/entry.ts"));
  assert(loaded.length > 5, "the graph was read");
  assertEquals(loaded.filter(isPackage), []);
});

for (const { name } of commands) {
  const file = fileOf(`src/cli/${name.replaceAll("-", "_")}.ts`);
  Deno.test(`the help of ${name} loads neither TensorFlow.js nor image codecs`, () => {
    const loaded = loadedWith(file);
    assert(loaded.some((specifier) => /npm:\/?zod@/.test(specifier)), name);
    assertEquals(
      loaded.filter((specifier) =>
        isTensorFlow(specifier) || /imagescript/.test(specifier)
      ),
      [],
    );
  });
}

Deno.test("whatever brings in TensorFlow.js when it is called brings in long, which it requires", () => {
  const targets = [...graph.keys()].flatMap(dependenciesOf)
    .filter(({ isDynamic }) => isDynamic)
    .flatMap(({ code }) => code?.specifier ?? [])
    .filter((specifier) => specifier.startsWith("file:"));
  const starts = [...new Set([fileOf("src/sweep/worker.ts"), ...targets])];
  const loading = starts.filter((start) =>
    loadedWith(start).some(isTensorFlow)
  );
  assert(loading.length > 3, "TensorFlow.js is loaded by import()");
  assertEquals(
    loading.filter((start) =>
      !loadedWith(start).some((specifier) => /npm:\/?long@/.test(specifier))
    ),
    [],
  );
});
