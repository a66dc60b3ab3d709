import type { Import } from "./read_imports.ts";

/** An import of a file of one layer from another layer. */
export interface Arrow {
  from: string;
  to: string;
  /** An import that makes it, as `src/a/x.ts imports src/b/y.ts`. */
  example: string;
}

/** Files of the project that belong to no layer and may be imported by all. */
const shared = new Set(["deno.json", "import_map.json"]);

/**
 * The layer that a file belongs to: the longest name that its path begins with
 * below `src/`, or the path itself.
 *
 * @throws {Error} If the table names none.
 */
export function layerOf(file: string, names: readonly string[]): string {
  const found = names
    .filter((name) => file === name || file.startsWith(`src/${name}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (found === undefined) {
    throw new Error(`${file} belongs to no layer: add one to tests/layers`);
  }
  return found;
}

/**
 * Every arrow between layers, once, with the first import that makes it; in the
 * order of the names.
 */
export function listArrows(
  imports: readonly Import[],
  names: readonly string[],
): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { from: file, to: target, isPackage } of imports) {
    if (isPackage || shared.has(target)) continue;
    const [from, to] = [layerOf(file, names), layerOf(target, names)];
    const key = `${from} -> ${to}`;
    if (from !== to && !arrows.has(key)) {
      arrows.set(key, { from, to, example: `${file} imports ${target}` });
    }
  }
  const place = ({ from, to }: Arrow) =>
    names.indexOf(from) * names.length + names.indexOf(to);
  return [...arrows.values()].sort((a, b) => place(a) - place(b));
}

/**
 * A cycle of arrows, first and last name the same.
 *
 * @returns Nothing if there is none.
 */
export function findCycle(
  arrows: readonly { from: string; to: string }[],
): string[] | undefined {
  const targets = Map.groupBy(arrows, ({ from }) => from);
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] | undefined => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    for (const { to } of targets.get(name) ?? []) {
      const cycle = visit(to, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of targets.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/**
 * The arrows that no path of others stands for (the transitive reduction of a
 * graph without cycles): with them, a picture shows all that is reachable.
 */
export function reduceArrows<T extends { from: string; to: string }>(
  arrows: readonly T[],
): T[] {
  const targets = Map.groupBy(arrows, ({ from }) => from);
  const reaches = (from: string, to: string): boolean =>
    (targets.get(from) ?? []).some((arrow) =>
      arrow.to === to || reaches(arrow.to, to)
    );
  return arrows.filter(({ from, to }) =>
    !(targets.get(from) ?? []).some((arrow) =>
      arrow.to !== to && reaches(arrow.to, to)
    )
  );
}
