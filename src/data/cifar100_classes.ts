/**
 * Classes of CIFAR-100 by superclass (Krizhevsky 2009, "Learning Multiple Layers
 * of Features from Tiny Images", section 3.2), superclasses in the order of
 * their labels, with the names of the official files.
 */
const classesOf: Readonly<Record<string, readonly string[]>> = {
  "aquatic mammals": ["beaver", "dolphin", "otter", "seal", "whale"],
  "fish": ["aquarium fish", "flatfish", "ray", "shark", "trout"],
  "flowers": ["orchid", "poppy", "rose", "sunflower", "tulip"],
  "food containers": ["bottle", "bowl", "can", "cup", "plate"],
  "fruit and vegetables": [
    "apple",
    "mushroom",
    "orange",
    "pear",
    "sweet pepper",
  ],
  "household electrical devices": [
    "clock",
    "keyboard",
    "lamp",
    "telephone",
    "television",
  ],
  "household furniture": ["bed", "chair", "couch", "table", "wardrobe"],
  "insects": ["bee", "beetle", "butterfly", "caterpillar", "cockroach"],
  "large carnivores": ["bear", "leopard", "lion", "tiger", "wolf"],
  "large man-made outdoor things": [
    "bridge",
    "castle",
    "house",
    "road",
    "skyscraper",
  ],
  "large natural outdoor scenes": [
    "cloud",
    "forest",
    "mountain",
    "plain",
    "sea",
  ],
  "large omnivores and herbivores": [
    "camel",
    "cattle",
    "chimpanzee",
    "elephant",
    "kangaroo",
  ],
  "medium mammals": ["fox", "porcupine", "possum", "raccoon", "skunk"],
  "non-insect invertebrates": ["crab", "lobster", "snail", "spider", "worm"],
  "people": ["baby", "boy", "girl", "man", "woman"],
  "reptiles": ["crocodile", "dinosaur", "lizard", "snake", "turtle"],
  "small mammals": ["hamster", "mouse", "rabbit", "shrew", "squirrel"],
  "trees": ["maple tree", "oak tree", "palm tree", "pine tree", "willow tree"],
  "vehicles 1": ["bicycle", "bus", "motorcycle", "pickup truck", "train"],
  "vehicles 2": ["lawn mower", "rocket", "streetcar", "tank", "tractor"],
};

/** The 20 superclasses, in the order of the coarse labels. */
export const cifar100Superclasses: readonly string[] = Object.keys(classesOf);

/** The 100 classes, in the order of the fine labels, which is alphabetical. */
export const cifar100Classes: readonly string[] = Object.values(classesOf)
  .flat().sort();

/** Coarse label of each fine label, shape `[100]`. */
export const cifar100SuperclassOf: readonly number[] = cifar100Classes.map(
  (name) =>
    cifar100Superclasses.findIndex((superclass) =>
      classesOf[superclass]!.includes(name)
    ),
);
