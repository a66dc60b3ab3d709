import ts from "npm:typescript@6.0.3";

/** What a module becomes in a package. */
export interface EmittedModule {
  /** JavaScript. */
  readonly code: string;
  /** TypeScript declarations. */
  readonly declarations: string;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  removeComments: true,
};

/**
 * Compiles one module of TypeScript by itself. Specifiers stay as they are.
 *
 * @param fileName Path, for messages.
 * @throws {SyntaxError} If it does not compile, or an export lacks a type that
 * can be read without other files.
 */
export function emitModule(fileName: string, text: string): EmittedModule {
  const code = ts.transpileModule(text, {
    fileName,
    compilerOptions: options,
    reportDiagnostics: true,
  });
  const declarations = ts.transpileDeclaration(text, {
    fileName,
    compilerOptions: {
      ...options,
      removeComments: false,
      isolatedDeclarations: true,
      declaration: true,
    },
    reportDiagnostics: true,
  });
  const [fault] = [
    ...code.diagnostics ?? [],
    ...declarations.diagnostics ?? [],
  ];
  if (fault !== undefined) {
    throw new SyntaxError(
      `${fileName} does not compile: ${
        ts.flattenDiagnosticMessageText(fault.messageText, " ")
      }`,
    );
  }
  return { code: code.outputText, declarations: declarations.outputText };
}
