/**
 * Classes of CIFAR-10 in the order of its labels (Krizhevsky 2009, "Learning
 * Multiple Layers of Features from Tiny Images", section 3.1).
 */
export const cifar10Classes: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** Height, width and channels of every CIFAR-10 image. */
export const cifar10Shape = [32, 32, 3] as const;

/** Bytes of one CIFAR-10 image. */
export const cifar10ImageBytes = 3072;

/** Images in each of the six CIFAR-10 files. */
export const cifar10BatchRows = 10_000;
