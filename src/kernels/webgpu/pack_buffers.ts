/** A value that is in use from one program to another, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Gives each value a buffer, so that values in use at the same time have
 * different ones: the largest first, each in the first buffer that is free as
 * long as it is in use (the greedy order by size for shared objects of Pisarchyk
 * and Lee 2020, arXiv:2001.03288, sec. 4.2). Values are not placed side by side
 * in one buffer, since a program cannot read and write the same buffer.
 *
 * @returns The buffer of each value, and the size in bytes of each buffer.
 */
export function packBuffers(
  values: readonly Lifetime[],
): { buffers: number[]; sizes: number[] } {
  const buffers: number[] = new Array(values.length).fill(0);
  const sizes: number[] = [];
  const tenants: Lifetime[][] = [];
  const order = [...values.keys()]
    .sort((a, b) => values[b]!.bytes - values[a]!.bytes || a - b);
  for (const index of order) {
    const value = values[index]!;
    let buffer = tenants.findIndex((others) =>
      others.every(({ first, last }) =>
        first > value.last || last < value.first
      )
    );
    if (buffer < 0) {
      buffer = tenants.push([]) - 1;
      sizes.push(value.bytes);
    }
    tenants[buffer]!.push(value);
    buffers[index] = buffer;
  }
  return { buffers, sizes };
}
