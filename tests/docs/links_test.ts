import { assert, assertEquals } from "@std/assert";
import { pages, read, root } from "./_pages.ts";

// Readers follow links and type what they read: both must lead somewhere.

/** What commands write, as examples name it. */
const written = [
  /^results\/(NAME|local|mine|merged|comparison|concentrated|bench-BACKEND)\b/,
];

const exists = (path: string) =>
  Deno.stat(root + path).then(() => true, () => false);

/** The anchors of a page, as GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(
      " ",
      "-",
    )
  );
}

/** A link's target relative to the root of the repository. */
function resolve(page: string, target: string): string {
  return new URL(target, `file:///${page}`).pathname.slice(1);
}

Deno.test("documentation: every relative link leads to a file, and to a heading of it", async () => {
  const broken: string[] = [];
  for (const page of pages) {
    const text = await read(page);
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path = "", anchor] = target!.split("#");
      const file = path === "" ? page : resolve(page, path);
      if (!await exists(file)) broken.push(`${page}: ${target}`);
      else if (
        anchor !== undefined && !anchorsOf(await read(file)).includes(anchor)
      ) broken.push(`${page}: ${target} (no such heading)`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("documentation: every path that is named in code exists", async () => {
  const missing: string[] = [];
  let named = 0;
  for (const page of pages) {
    // History names what was there then.
    if (page === "CHANGELOG.md") continue;
    const text = await read(page);
    const paths = text.matchAll(
      /`((?:src|docs|tests|bench|results|fixtures|\.ci)\/[\w./-]+|mod\.ts|deno\.json)`/g,
    );
    for (const [, path] of paths) {
      if (written.some((pattern) => pattern.test(path!))) continue;
      named++;
      if (!await exists(path!)) missing.push(`${page}: ${path}`);
    }
  }
  assert(named > 20, "paths are found at all");
  assertEquals(missing, []);
});

Deno.test("documentation: every task that is named is a task", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  const unknown: string[] = [];
  for (const page of pages) {
    for (
      const [, name] of (await read(page)).matchAll(
        /\bdeno task ([a-z][\w:-]*)/g,
      )
    ) {
      if (!Object.hasOwn(tasks, name!)) unknown.push(`${page}: ${name}`);
    }
  }
  assertEquals(unknown, []);
});

Deno.test("documentation: every page of docs is reachable from its index", async () => {
  const reached = new Set<string>();
  const queue = ["docs/README.md"];
  for (const page of queue) {
    if (reached.has(page)) continue;
    reached.add(page);
    for (
      const [, target] of (await read(page)).matchAll(
        /\]\(([^)\s#]+)[^)\s]*\)/g,
      )
    ) {
      const file = resolve(page, target!);
      if (file.endsWith(".md") && file.startsWith("docs/")) queue.push(file);
    }
  }
  assertEquals(
    pages.filter((page) => page.startsWith("docs/") && !reached.has(page)),
    [],
  );
});

Deno.test("documentation: the library page lists every entry of the package", async () => {
  const { exports } = JSON.parse(await read("deno.json"));
  const listed = [...(await read("docs/library.md"))
    .matchAll(/^\| \[`(\.[\w\/-]*)`\]/gm)].map(([, entry]) => entry!);
  assertEquals(listed.sort(), Object.keys(exports).sort());
});
