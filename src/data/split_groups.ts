/** What a split needs to know of the images. */
export interface SplitGroups {
  /** Class of each image, shape `[rows]`. */
  readonly labels: Uint8Array;
  /** Group of each image: any number that it shares with its duplicates. */
  readonly groups: Uint32Array;
  /**
   * Images of each class in the order of its draw; the first `quotas[c]` of them
   * are for testing where there are no duplicates.
   */
  readonly orders: readonly Uint32Array[];
  /** Test images that each class should have, below its number of images. */
  readonly quotas: readonly number[];
}

/** Images of each class in a group, and the group's place. */
interface Group {
  readonly rows: number[];
  readonly perClass: Map<number, number>;
  isTest: boolean;
}

/**
 * Chooses test images so that images of a group are on one side, over all
 * classes. Each class takes groups in the order of its draw while no class
 * exceeds its quota; then, while it lacks images, the group that brings the
 * classes nearest to their quotas, if any brings them nearer. A class without
 * test images takes the nearest in any case. Every class keeps an image to train
 * on. Where that leaves a class without test images, as where it is one group, it
 * is split within its groups, image by image.
 *
 * @returns Whether each image is for testing, shape `[rows]`.
 */
export function splitGroups(
  { labels, groups: groupOf, orders, quotas }: SplitGroups,
): boolean[] {
  const groups = listGroups(labels, groupOf);
  const isTest = new Array<boolean>(labels.length).fill(false);
  const sizes = orders.map(({ length }) => length);
  const taken = new Array<number>(orders.length).fill(0);
  const fits = (group: Group, limits: readonly number[]) =>
    [...group.perClass].every(([c, size]) => taken[c]! + size <= limits[c]!);
  /** By how much fewer images the classes miss their quotas with the group. */
  const gain = (group: Group) => {
    let sum = 0;
    for (const [c, size] of group.perClass) {
      const lack = quotas[c]! - taken[c]!;
      sum += Math.abs(lack) - Math.abs(lack - size);
    }
    return sum;
  };
  const take = (group: Group) => {
    group.isTest = true;
    for (const row of group.rows) isTest[row] = true;
    for (const [c, size] of group.perClass) taken[c]! += size;
  };

  for (const order of orders) {
    for (const row of order) {
      const group = groups.get(groupOf[row]!)!;
      if (!group.isTest && fits(group, quotas)) take(group);
    }
  }
  const mostTests = sizes.map((size) => size - 1);
  orders.forEach((order, c) => {
    while (taken[c]! < quotas[c]!) {
      let best: Group | undefined;
      for (const row of order) {
        const group = groups.get(groupOf[row]!)!;
        if (group.isTest || !fits(group, mostTests)) continue;
        if (best === undefined || gain(group) > gain(best)) best = group;
      }
      if (best === undefined || (taken[c]! > 0 && gain(best) <= 0)) break;
      take(best);
    }
  });
  orders.forEach((order, c) => {
    if (taken[c]! > 0) return;
    for (const row of order.subarray(0, quotas[c])) isTest[row] = true;
  });
  return isTest;
}

function listGroups(
  labels: Uint8Array,
  groupOf: Uint32Array,
): Map<number, Group> {
  const groups = new Map<number, Group>();
  groupOf.forEach((id, row) => {
    const group = groups.get(id) ??
      { rows: [], perClass: new Map<number, number>(), isTest: false };
    groups.set(id, group);
    const label = labels[row]!;
    group.rows.push(row);
    group.perClass.set(label, (group.perClass.get(label) ?? 0) + 1);
  });
  return groups;
}
