/** A block of memory that is in use from one call to another, both included. */
export interface Block {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Blocks begin at multiples of this. */
const ALIGNMENT = 16;

/**
 * Places blocks so that no two overlap in memory and in time: the largest
 * first, each at the lowest address that is free as long as it is in use (the
 * greedy order by size of Pisarchyk and Lee 2020, arXiv:2001.03288, sec. 5.2).
 *
 * @returns Where each begins, multiples of 16, and the bytes of all together.
 */
export function packBlocks(
  blocks: readonly Block[],
): { offsets: number[]; bytes: number } {
  const offsets: number[] = new Array(blocks.length).fill(0);
  const placed: { at: number; end: number; block: Block }[] = [];
  let bytes = 0;
  const order = [...blocks.keys()]
    .sort((a, b) => blocks[b]!.bytes - blocks[a]!.bytes || a - b);
  for (const index of order) {
    const block = blocks[index]!;
    let at = 0;
    for (const other of placed) {
      const { first, last } = other.block;
      if (first > block.last || last < block.first) continue;
      if (at + block.bytes <= other.at) break;
      at = Math.max(at, Math.ceil(other.end / ALIGNMENT) * ALIGNMENT);
    }
    const end = at + block.bytes;
    const next = placed.findIndex((other) => other.at > at);
    placed.splice(next < 0 ? placed.length : next, 0, { at, end, block });
    offsets[index] = at;
    bytes = Math.max(bytes, end);
  }
  return { offsets, bytes };
}
