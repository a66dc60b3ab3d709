import config from "../../deno.json" with { type: "json" };
import { code, page, table } from "./markdown.ts";

const root = new URL("../../", import.meta.url);

// What `deno doc --json` prints is not typed.
// deno-lint-ignore no-explicit-any
type Json = any;

/** `library/`: a page for each entry of the package, by its path. */
export async function libraryPages(): Promise<Record<string, string>> {
  const pages = await Promise.all(
    Object.entries(config.exports).map(async ([entry, path]) => {
      const name = entry === "." ? "main" : entry.slice("./".length);
      return [
        `reference/library/${name}.md`,
        entryPage(entry, await documentation(path)),
      ] as const;
    }),
  );
  return Object.fromEntries(pages);
}

/** What `deno doc` says of a module. */
async function documentation(path: string): Promise<Json> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["doc", "--json", path],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  return nodes[new URL(path, root).href];
}

function entryPage(entry: string, { module_doc, symbols }: Json): string {
  const specifier = entry === "."
    ? config.name
    : `${config.name}/${entry.slice("./".length)}`;
  const examples = module_doc.tags.filter(({ kind }: Json) =>
    kind === "example"
  );
  const isType = ({ declarations: [{ kind }] }: Json) =>
    kind === "interface" || kind === "typeAlias";
  const values = symbols.filter((symbol: Json) => !isType(symbol));
  const types = symbols.filter(isType);
  return page(
    `# ${specifier}`,
    module_doc.doc.trim(),
    "## Example",
    ...examples.map(({ doc }: Json) => doc.trim().replace("\n```", "\n\n```")),
    "## Functions and values",
    symbolTable(values),
    ...(types.length === 0 ? [] : ["## Types", symbolTable(types)]),
  );
}

function symbolTable(symbols: readonly Json[]): string {
  return table(
    ["name", "meaning"],
    symbols.map(({ name, declarations: [{ kind, jsDoc }] }) => [
      code(kind === "function" ? `${name}()` : name),
      firstSentence(jsDoc?.doc ?? ""),
    ]).sort(([a], [b]) => a! < b! ? -1 : 1),
  );
}

/** The first sentence of a text, on one line. */
function firstSentence(text: string): string {
  const [paragraph = ""] = text.split("\n\n");
  const line = paragraph.replaceAll("\n", " ").trim();
  return /^.*?[.](?= [A-Z`]|$)/.exec(line)?.[0] ?? line;
}
