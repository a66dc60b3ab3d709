/** The paper whose claims dupbench tests. */
export const paper = {
  title:
    "Impact of Data Duplication on Deep Neural Network-Based Image Classifiers: Robust vs. Standard Models",
  /** Family names, in the order of the paper. */
  authors: ["Aghabagherloo", "Abadi", "Sarkar", "Dasu", "Preneel"],
  venue: "IEEE Security and Privacy Workshops",
  year: "2025",
  pages: "177-183",
  arxiv: "2504.00638",
} as const;
