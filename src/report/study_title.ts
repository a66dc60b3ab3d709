/**
 * The name of a study as pages show it: without the digits by which `sweep` tells
 * studies with changed fields apart.
 */
export function titleOfStudy(study: string): string {
  return study.replace(/-[0-9a-f]{8}$/, "");
}
