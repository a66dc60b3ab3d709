/** What a document of Croissant 1.1 declares that it conforms to. */
export const CROISSANT = "http://mlcommons.org/croissant/1.1";

/** Terms of Croissant that this project's documents use. */
const terms = [
  "citeAs",
  "column",
  "extract",
  "field",
  "fileObject",
  "key",
  "recordSet",
  "references",
  "source",
] as const;

/**
 * The JSON-LD context: schema.org without a prefix, as the specification
 * recommends (appendix 1), the terms of Croissant that are used, and PROV-O for
 * provenance.
 */
export const croissantContext = {
  "@language": "en",
  "@vocab": "http://schema.org/",
  sc: "http://schema.org/",
  cr: "http://mlcommons.org/croissant/",
  dct: "http://purl.org/dc/terms/",
  prov: "http://www.w3.org/ns/prov#",
  conformsTo: "dct:conformsTo",
  // Types are names in a vocabulary, not strings.
  dataType: { "@id": "cr:dataType", "@type": "@vocab" },
  ...Object.fromEntries(terms.map((term) => [term, `cr:${term}`])),
} as const;
