/** The words of this project, with what each of them means, as Markdown. */
export const words = {
  "accuracy":
    "Share of images classified correctly. *Clean* accuracy is on unchanged images, *adversarial* accuracy on images that an attack has changed.",
  "adapter":
    "In WebGPU, a graphics device with its driver. A *software* adapter computes on the CPU.",
  "adversarial training":
    "Training on images that an attack has changed first: PGD (`adversarial`) or a single step (`n-fgsm`).",
  "arm":
    "All cells that differ only in ratio and seed: one curve of a figure, one line of an analysis.",
  "attack":
    "A search for a small change of an image that makes the network misclassify it, within the L∞ ball of radius `epsilon`.",
  "axis":
    "A field of a study that is a list. The cells of a study are the product of its axes.",
  "backend":
    "The part of TensorFlow.js that computes: WebGPU, WebAssembly (`wasm`) or plain JavaScript (`cpu`).",
  "budget": "The quantity held equal across ratios: gradient steps or epochs.",
  "cell":
    "One point of a study: one network, trained and evaluated once. Its *config* has every default filled in, and its *id* is a hash of the config.",
  "class mix": "The shares of the classes in a training set.",
  "class weights restored":
    "Copies whose loss weights give every class the share of the loss that it has without copies: a control (`prior-restored`).",
  "condition":
    "An axis that also applies at ratio 0, such as the network. Cells that differ in a condition are never paired.",
  "conflicting copy":
    "A copy with the label of another class than that of its original (field `conflict`).",
  "control":
    "A cell in which something else replaces the copies, to separate the effect of repetition from that of a larger training set or another class mix.",
  "copy":
    "A duplicate that a plan adds to the training set. Copies are *exact* (byte-identical) or *near*.",
  "curvature":
    "The deviation of values from a straight line against the ratio: the coefficient of the squared ratio in the least-squares parabola.",
  "deduplication":
    "Finding duplicates in the training list and removing them before training, without knowledge of the plan (field `dedup`).",
  "digest":
    "The SHA-256 of everything in a result set that is deterministic. Equal studies on the same backend give equal digests.",
  "distinct images":
    "The test images of CIFAR-10 without a near duplicate among its training images.",
  "duplicate":
    "An image that equals another one in every pixel (*exact*) or nearly equals it (*near*), whatever its origin.",
  "epoch":
    "With equal epochs, one pass over the training list. With equal steps, as many steps as one pass over the originals takes, so that epochs are equally long at all ratios.",
  "epsilon, ε":
    "The largest change of a pixel that an attack may make; pixels are in [0, 1].",
  "equivalence":
    "A difference shown to be smaller than the margin in both directions, by two one-sided tests.",
  "even, uneven":
    "Copies are *even* if all classes are equally likely to be copied (`uniform`, `whole-copies`), and *uneven* if some classes are copied more than others (`class-biased`, `single-class`).",
  "finding":
    "What the difference between two levels of a study shows, such as two widths: higher, lower, no change above the margin, or inconclusive. It needs four seeds and is no verdict.",
  "flag":
    "A warning in a result set about a cell whose result is doubtful, for example because accuracy rises under attack.",
  "fresh images":
    "Images of the same classes as the copies that are not among the originals: a control.",
  "journal":
    "The file next to the output in which a sweep keeps finished cells until the result set is written. An interrupted sweep continues from it.",
  "label smoothing":
    "Spreading a share of each label evenly over all classes in the training loss (field `labelSmoothing`).",
  "leak":
    "A test image with a duplicate among the training images; also a group of duplicates that contains both.",
  "margin":
    "The smallest effect of interest. Default: 1 point of accuracy, 5 % of times, epochs and images.",
  "mode":
    "Whether copies are added to the training set or replace other originals.",
  "network": "The classifier that a cell trains (field `model`).",
  "original":
    "An image of the data set as it was loaded, before a plan is applied.",
  "plan":
    "The list of originals to copy, as row numbers. It depends on policy, ratio and seed alone. Plans *nest*: at one seed the copies at one ratio are among those at every larger ratio, unless they are drawn independently (`plans: anew`).",
  "point": "Percentage point: 1 % of the test images.",
  "policy": "The rule that selects the images to copy.",
  "power": "The probability that a test detects an effect of a given size.",
  "provenance":
    "Where, when and with which versions a result set was made. It is not part of the digest.",
  "ratio":
    "Copies per original. At ratio 1 there are as many copies as originals.",
  "recipe":
    "The settings with which a network is trained unless the study sets its own: optimizer, learning rate, schedule, augmentation and so on.",
  "result set":
    "The JSON file that a sweep writes: study, data set, cells, digest and provenance.",
  "run": "The execution of a cell.",
  "seed":
    "A number that determines all random numbers of a cell. The seed is the unit of all statistics; tests of accuracies are also over test images.",
  "shard":
    "One part of the cells of a study, run separately, such as 2 of 5. `merge` joins shards.",
  "slope":
    "The change of a quantity for an increase of the ratio by 1, fitted by least squares over all ratios of one seed.",
  "slot": "An entry of the training list.",
  "stand-in":
    "What is used in place of the copies: the copies themselves, weights of their originals, fresh images, or copies with class weights restored. All but the first are controls.",
  "study":
    "Everything that decides the outcome of a sweep: a JSON file, a shipped study by name, or options of `sweep`.",
  "sweep": "Running all cells of a study.",
  "training list":
    "The images of one pass over the training set: the originals, then the copies, without those that deduplication removed.",
  "verdict":
    "The result for a claim of the paper, or a question of this project, by a fixed rule: supported, contradicted or inconclusive.",
  "worst case":
    "The least favourable of all attacks of a study, image by image: worst-case accuracy counts the images classified correctly both clean and under every attack.",
} as const satisfies Record<string, string>;
