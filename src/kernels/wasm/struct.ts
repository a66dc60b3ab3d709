/** An address in the memory of the backend, in bytes. */
export type Address = number;

declare const struct: unique symbol;

/** The address of a struct that `writeStruct` wrote. */
export type Pointer<Struct> = Address & { readonly [struct]: Struct };

/** The types that a field of a struct can have. */
export type FieldType = "i32" | "f32" | "f64";

/** How AssemblyScript lays out a struct in memory. */
export interface StructLayout<Struct> {
  /** Size of the struct. */
  readonly bytes: number;
  /** Where each field begins, in bytes from the struct, and its type. */
  readonly fields: Readonly<
    Record<keyof Struct, { readonly offset: number; readonly type: FieldType }>
  >;
}

/** Writes the fields of a struct to `at`, and nothing else. */
export function writeStruct<Struct extends Record<keyof Struct, number>>(
  memory: WebAssembly.Memory,
  at: Address,
  { layout, values }: { layout: StructLayout<Struct>; values: Struct },
): Pointer<Struct> {
  // A new view each time, since growth of the memory detaches the old ones.
  const view = new DataView(memory.buffer, at, layout.bytes);
  for (const name in layout.fields) {
    const { offset, type } = layout.fields[name];
    const value = values[name];
    if (type === "i32") view.setInt32(offset, value, true);
    else if (type === "f32") view.setFloat32(offset, value, true);
    else view.setFloat64(offset, value, true);
  }
  return at as Pointer<Struct>;
}
