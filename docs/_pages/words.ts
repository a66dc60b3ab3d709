/** The words of this project, with what each of them means, as Markdown. */
export const words = {
  "accuracy":
    "Share of images classified correctly. *Clean* accuracy is on unchanged images, *adversarial* accuracy on images that an attack has changed.",
  "adapter":
    "What WebGPU calls a graphics device with its driver. A *software* adapter computes on the processor.",
  "adversarial training": "Training on images that PGD has attacked first.",
  "arm":
    "All cells that differ in ratio and seed only: one curve of a figure, one line of an analysis.",
  "attack":
    "A search for a small change of an image that makes the network misclassify it. The change stays within the L∞ ball of radius `epsilon`.",
  "axis":
    "A field of a study that is a list. The cells of a study are the product of its axes.",
  "backend":
    "The part of TensorFlow.js that computes: WebGPU, WebAssembly (`wasm`) or plain JavaScript (`cpu`).",
  "budget": "What is held equal across ratios: gradient steps, or epochs.",
  "cell":
    "One point of a study: one network, trained and evaluated once. Its *config* has every default filled in, and its *id* is a hash of the config.",
  "class mix": "The shares of the classes in a training set.",
  "class weights restored":
    "Copies whose loss weights give every class the share of the loss that it has without copies: a control (`prior-restored`).",
  "condition":
    "An axis that also holds at ratio 0, such as the network. Cells that differ in one are never paired.",
  "conflicting copy":
    "A copy that carries the label of another class than its original (field `conflict`).",
  "control":
    "A cell that has something else in the place of the copies, so that the effect of repetition is separated from that of a larger or differently mixed set.",
  "copy":
    "A duplicate that a plan added to the training set. Copies are *exact* (byte-identical) or *near*.",
  "curvature":
    "How far values depart from a straight line against the ratio: the coefficient of the squared ratio in the least-squares parabola.",
  "deduplication":
    "Finding duplicates in the training list and removing them before training, without knowledge of the plan (field `dedup`).",
  "digest":
    "The SHA-256 of everything in a result set that is deterministic. Equal studies on the same backend give equal digests.",
  "duplicate":
    "An image that equals another one in every pixel (*exact*) or nearly equals it (*near*), wherever it comes from.",
  "epoch":
    "With equal epochs, one pass over the training list. With equal steps, as many steps as one pass over the originals takes, so that epochs are equal at all ratios.",
  "epsilon, ε":
    "Largest change of a pixel that an attack may make; pixels are in [0, 1].",
  "equivalence":
    "A difference shown to be smaller than the margin in both directions, by two one-sided tests.",
  "flag":
    "A mark in a result set on something that makes a cell doubtful, such as accuracy that rises under attack.",
  "fresh images":
    "Images of the same classes as the copies that were not in the training set: a control.",
  "journal":
    "The file next to the output in which a sweep keeps finished cells until the result set is written. An interrupted sweep continues from it.",
  "label smoothing":
    "A share of each label that is spread evenly over all classes in the training loss (field `labelSmoothing`).",
  "margin":
    "The smallest change worth naming. Default: 1 point of accuracy, 5 % of times, epochs and images.",
  "mode":
    "Whether copies are added to the training set or replace other originals.",
  "network": "The classifier that a cell trains (field `model`).",
  "original":
    "An image of the data set as it was loaded, before a plan is applied.",
  "plan":
    "The list of originals that are copied, as row numbers, made from policy, ratio and seed alone. Plans *nest*: at one seed the copies at one ratio are among those at every larger ratio, unless they are drawn *anew* (field `plans`).",
  "point": "Percentage point: 1 % of the test images.",
  "policy": "The rule that says which images are copied.",
  "power": "The chance that a test finds an effect of a given size.",
  "provenance":
    "Where, when and with which versions a result set was made. No part of the digest.",
  "ratio":
    "Copies per original. At ratio 1 there are as many copies as originals.",
  "recipe":
    "How a network is trained by a study that does not say: optimizer, learning rate, schedule, augmentation and the like.",
  "result set":
    "The JSON file that a sweep writes: study, data set, cells, digest and provenance.",
  "run": "The execution of a cell.",
  "seed":
    "A number from which all random numbers of a cell follow. The seed is the unit of all statistics; tests of accuracies are also over test images.",
  "shard":
    "One part of the cells of a study, run by itself, such as 2 of 5. `merge` joins shards.",
  "slope":
    "The change of a quantity for an increase of the ratio by 1, by least squares over all ratios of one seed.",
  "stand-in":
    "What is put in the place of the copies: the copies themselves, weights of their originals, fresh images, or copies with class weights restored. All but the first are controls.",
  "study":
    "Everything that decides the outcome of a sweep: a JSON file, a shipped study by name, or options of `sweep`.",
  "sweep": "Running all cells of a study.",
  "training list":
    "The images that one pass goes through: the originals, then the copies, less what deduplication removed.",
  "verdict":
    "How a claim of the paper, or a question of this project, stands by a fixed rule: supported, contradicted or inconclusive.",
  "worst case":
    "Images classified correctly both clean and under every attack of the study.",
} as const satisfies Record<string, string>;
