import ts from "npm:typescript@6.0.3";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/** A module of TypeScript. */
export interface SourceModule {
  /** Its path, for messages. */
  readonly path: string;
  /** Its content. */
  readonly text: string;
}

/**
 * The JavaScript of a module without its comments; specifiers stay as they are.
 *
 * @throws {SyntaxError} If it does not compile.
 */
export function emitCode({ path, text }: SourceModule): string {
  return outputOf(
    path,
    ts.transpileModule(text, {
      fileName: path,
      compilerOptions: { ...options, removeComments: true },
      reportDiagnostics: true,
    }),
  );
}

/**
 * The declarations of a module with its documentation. An export whose type
 * only other files tell is of type `any`: what is public has an explicit one,
 * which `deno publish` checks, and the others are internal. What is marked so is
 * kept: public declarations name it.
 *
 * @throws {SyntaxError} If it does not compile.
 */
export function emitDeclarations({ path, text }: SourceModule): string {
  return outputOf(
    path,
    ts.transpileDeclaration(withoutSatisfies(path, text), {
      fileName: path,
      compilerOptions: {
        ...options,
        declaration: true,
        isolatedDeclarations: true,
      },
      reportDiagnostics: true,
    }),
  );
}

/**
 * A module without what `satisfies` checks: a declaration would have that type in
 * place of the value's own, and lack its import.
 */
function withoutSatisfies(path: string, text: string): string {
  const cuts: [start: number, end: number][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isSatisfiesExpression(node)) {
      cuts.push([node.expression.getEnd(), node.getEnd()]);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return cuts.toSorted(([a], [b]) => b - a).reduce(
    (rest, [start, end]) => rest.slice(0, start) + rest.slice(end),
    text,
  );
}

function outputOf(
  path: string,
  { outputText, diagnostics = [] }: ts.TranspileOutput,
): string {
  const fault = diagnostics.find(({ code }) => !isOfIsolation(code));
  if (fault === undefined) return outputText;
  throw new SyntaxError(
    `${path} does not compile: ${
      ts.flattenDiagnosticMessageText(fault.messageText, " ")
    }`,
  );
}

/** Codes that ask for an explicit type (`isolatedDeclarations`). */
const isOfIsolation = (code: number) => code >= 9005 && code <= 9039;
