import {
  Class,
  type Function as WasmFunction,
  FunctionPrototype,
  type Node,
  type Program,
  PropertyPrototype,
  type Type,
} from "assemblyscript";

/**
 * Types what a compiled module exports, as TypeScript: one method per exported
 * function, with the names of its parameters and its documentation; and for
 * each class that a function takes, an interface of its fields and a layout of
 * where they lie. Names, types and offsets come from the compiler, which must
 * be done with the program.
 *
 * @param entry Path of the entry file without its ending, such as `index`.
 * @returns The text of a module that stands next to `struct.ts`.
 * @throws {TypeError} If a function or field has a type that has no counterpart.
 */
export function typeExports(program: Program, entry: string): string {
  const file = program.filesByName.get(entry);
  const functions = [...file?.exports?.values() ?? []].flatMap((element) =>
    element instanceof FunctionPrototype
      ? [...element.instances?.values() ?? []]
      : []
  ).sort((a, b) => a.prototype.name < b.prototype.name ? -1 : 1);
  const structs = new Set(
    functions.flatMap(({ signature }) =>
      signature.parameterTypes.flatMap((type) => type.getClass() ?? [])
    ),
  );
  return [
    `// Generated from assembly/${entry}.ts by \`deno task build:wasm\`: edit that.`,
    `import type { Address${
      structs.size > 0 ? ", Pointer, StructLayout" : ""
    } } from "./struct.ts";`,
    ...[...structs].flatMap((struct) => ["", ...typeStruct(struct)]),
    "",
    "/** What the module exports. */",
    "export interface KernelExports {",
    ...functions.flatMap(typeFunction),
    "}",
    "",
  ].join("\n");
}

function typeFunction(instance: WasmFunction): string[] {
  const { signature, prototype } = instance;
  const names = prototype.functionTypeNode.parameters.map(({ name }) =>
    name.text
  );
  const result = typeName(signature.returnType);
  return [
    ...documentation(prototype.declaration, "  "),
    ...(names.length === 0 ? [`  ${prototype.name}(): ${result};`] : [
      `  ${prototype.name}(`,
      ...names.map((name, i) =>
        `    ${name}: ${typeName(signature.parameterTypes[i]!)},`
      ),
      `  ): ${result};`,
    ]),
  ];
}

function typeStruct(struct: Class): string[] {
  const fields = [...struct.members?.values() ?? []].flatMap((member) =>
    member instanceof PropertyPrototype && member.instance?.isField
      ? { name: member.name, member, field: member.instance }
      : []
  );
  const [first, ...rest] = struct.name;
  const layout = `${first!.toLowerCase()}${rest.join("")}Layout`;
  return [
    ...documentation(struct.prototype.declaration, ""),
    `export interface ${struct.name} {`,
    ...fields.flatMap(({ name, member }) => [
      ...documentation(member.fieldDeclaration ?? member.declaration, "  "),
      `  readonly ${name}: number;`,
    ]),
    "}",
    "",
    `/** How a \`${struct.name}\` lies in memory. */`,
    `export const ${layout}: StructLayout<${struct.name}> = {`,
    `  bytes: ${struct.nextMemoryOffset},`,
    "  fields: {",
    ...fields.map(({ name, field }) =>
      `    ${name}: { offset: ${field.memoryOffset}, type: "${
        fieldType(field.type)
      }" },`
    ),
    "  },",
    "};",
  ];
}

/** The TypeScript type of a parameter or result. */
function typeName(type: Type): string {
  const struct = type.getClass();
  if (struct !== null) return `Pointer<${struct.name}>`;
  switch (type.toString()) {
    case "void":
      return "void";
    case "bool":
      return "boolean";
    case "usize":
      return "Address";
    case "i32":
    case "f32":
    case "f64":
      return "number";
    default:
      throw new TypeError(
        `An exported function may take and return void, bool, usize, i32, f32, f64 and structs, got ${type}`,
      );
  }
}

function fieldType(type: Type): string {
  const name = type.toString();
  if (name === "i32" || name === "f32" || name === "f64") return name;
  throw new TypeError(`A field must be i32, f32 or f64, got ${name}`);
}

/** The documentation comment that ends where a declaration begins. */
function documentation({ range }: Node, indent: string): string[] {
  const { source, start } = range;
  // Decorators, and the comments that hide them from TypeScript, stand between.
  const before = source.text.slice(0, start)
    .replace(/(\s|\/\/[^\n]*\n|@\w+)*$/, "");
  if (!before.endsWith("*/")) return [];
  return before.slice(before.lastIndexOf("/**")).split("\n").map((line, i) =>
    `${indent}${i === 0 ? "" : " "}${line.trim()}`
  );
}
