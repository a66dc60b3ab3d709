/** What the drawing of the toy experiment shows. */
export const figureTitle = "Decision boundaries before and after duplication";
