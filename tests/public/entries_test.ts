/**
 * The entries of the package: what they export, what their signatures name and
 * what they load. `deno doc` and `deno info` are the oracles.
 */
import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url);
const entries = Object.entries(config.exports);

/** Entries that load TensorFlow.js; `.` does when a function asks for it. */
const engineEntries = [
  "./attacks",
  "./cell",
  "./wasm-training",
  "./webgpu-training",
];

// deno-lint-ignore no-explicit-any
type Json = any;

async function deno(...args: string[]): Promise<Json> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

// One at a time, or what several export is described in one of them only.
const docs = new Map<string, Json>(
  await Promise.all(entries.map(async ([, path]): Promise<[string, Json]> => {
    const { nodes } = await deno("doc", "--json", path);
    return [path, nodes[new URL(path, root).href]];
  })),
);

/** Names of types and values that a documented symbol refers to. */
function* namesIn(node: Json): Generator<string> {
  if (Array.isArray(node)) {
    for (const item of node) yield* namesIn(item);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if (node.kind === "typeRef") {
    const { typeName, resolution } = node.value;
    // Type parameters are declared where they are used. `@throws` has its types
    // resolved alike, so they are looked for by name.
    const isThrown = /Error$/.test(typeName);
    if (resolution?.kind !== "typeParam" || isThrown) {
      yield typeName.split(".")[0];
    }
  }
  if (node.kind === "typeQuery") yield node.value;
  for (const value of Object.values(node)) yield* namesIn(value);
}

/** Types of TensorFlow.js, under their own names. */
const tensorNames = new Set([
  "Scalar",
  "Tensor",
  "Tensor1D",
  "Tensor2D",
  "Tensor4D",
  "Variable",
]);

/** Types that TypeScript itself brings and that are no global values. */
const utilityNames = new Set([
  "ErrorOptions",
  "Exclude",
  "Extract",
  "Iterable",
  "Omit",
  "Partial",
  "Pick",
  "Readonly",
  "ReadonlyMap",
  "ReadonlySet",
  "Record",
]);

for (const [name, path] of entries) {
  Deno.test(`${name} exports every type that its signatures name`, () => {
    const { symbols } = docs.get(path);
    const exported = new Set(symbols.map((symbol: Json) => symbol.name));
    const absent = new Set<string>();
    for (const symbol of symbols) {
      for (const named of namesIn(symbol.declarations)) {
        const isKnown = exported.has(named) || named in globalThis ||
          tensorNames.has(named) || utilityNames.has(named);
        if (!isKnown) absent.add(`${named} of ${symbol.name}`);
      }
    }
    assertEquals([...absent], []);
  });

  Deno.test(`${name} names its exports, and none of them is internal`, async () => {
    const text = await Deno.readTextFile(new URL(path, root));
    assert(!/^export \*/m.test(text), "exports everything of a module");
    const internal = docs.get(path).symbols.filter((symbol: Json) =>
      JSON.stringify(symbol.declarations).includes('"kind":"internal"')
    );
    assertEquals(internal.map((symbol: Json) => symbol.name), []);
  });

  Deno.test(`${name} has a page of documentation with an example of its own`, () => {
    const { doc = "", tags = [] } = docs.get(path).module_doc;
    assert(doc.length > 200, doc);
    const examples = tags.filter((tag: Json) => tag.kind === "example")
      .map((tag: Json) => tag.doc);
    const specifier = name === "."
      ? config.name
      : `${config.name}/${name.slice(2)}`;
    assert(
      examples.some((example: string) => example.includes(`"${specifier}"`)),
      `no example imports ${specifier}`,
    );
  });

  Deno.test(
    `${name} loads ${
      engineEntries.includes(name) ? "TensorFlow.js" : "no TensorFlow.js"
    }`,
    async () => {
      const loaded = await loadedBy(path);
      assertEquals(
        loaded.some((specifier) => specifier.includes("@tensorflow/")),
        engineEntries.includes(name),
      );
    },
  );
}

Deno.test(". draws nothing and decodes no image before it is asked to", async () => {
  const loaded = await loadedBy(config.exports["."]);
  assertEquals(
    loaded.filter((specifier) => /npm:\/?(vega|imagescript)/.test(specifier)),
    [],
  );
});

/** Specifiers of all modules that a module loads when it is imported. */
async function loadedBy(path: string): Promise<string[]> {
  const { modules, redirects = {} } = await deno("info", "--json", path);
  const bySpecifier = new Map<string, Json>(
    modules.map((module: Json) => [module.specifier, module]),
  );
  const pending = [new URL(path, root).href];
  const loaded = new Set<string>(pending);
  while (pending.length > 0) {
    const module = bySpecifier.get(pending.pop()!);
    for (const { code, isDynamic } of module?.dependencies ?? []) {
      if (code?.specifier === undefined || isDynamic) continue;
      const specifier = redirects[code.specifier] ?? code.specifier;
      if (loaded.has(specifier)) continue;
      loaded.add(specifier);
      pending.push(specifier);
    }
  }
  return [...loaded];
}
