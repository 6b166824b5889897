import { basename, dirname, join } from 'node:path/posix';
import { parseSync } from '@swc/core';

export interface Source {
  /** From the root of the project: `connector/smpp/window.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Something a source does that a rule of the architecture may forbid. */
export type Fact =
  | {
      readonly kind: 'import';
      readonly line: number;
      /** As written: `./codec/pdu.ts`. */
      readonly specifier: string;
      /** One of our files from the root of the project (`connector/smpp/codec/pdu.ts`), or the specifier of a package. */
      readonly target: string;
      readonly typeOnly: boolean;
    }
  /** A name that the source did not declare: `process`, and `Date.now` where a member is read of it. */
  | { readonly kind: 'global'; readonly line: number; readonly name: string }
  /** The source does nothing but export what others declare, or its name says so. */
  | { readonly kind: 'barrel'; readonly line: number };

interface Node {
  readonly type: string;
  readonly span: { readonly start: number };
  readonly [field: string]: unknown;
}

/** What `source` imports and uses. Found in its syntax, so that comments and strings count for nothing. */
export function factsOf(source: Source): Fact[] {
  // The parser counts octets from its own beginning, which the first node of a module need not tell: ours does.
  const start = ';';
  const { body } = parseSync(`${start}${source.text}`, { syntax: 'typescript', target: 'es2024' }) as unknown as {
    readonly body: readonly Node[];
  };
  const octets = Buffer.from(source.text);
  const base = (body[0]?.span.start ?? 0) + start.length;
  const lineOf = (node: Node) => {
    let line = 1;
    for (const octet of octets.subarray(0, node.span.start - base)) if (octet === 0x0a) line += 1;
    return line;
  };
  const facts: Fact[] = isBarrel(source.path, body.slice(1)) ? [{ kind: 'barrel', line: 1 }] : [];
  visit(body, (node) => {
    const imported = importedBy(node);
    if (imported !== undefined) {
      const { specifier, typeOnly } = imported;
      facts.push({ kind: 'import', line: lineOf(node), specifier, typeOnly, target: resolve(source.path, specifier) });
    }
    for (const name of globalsIn(node)) facts.push({ kind: 'global', line: lineOf(node), name });
  });
  return facts;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) see(value);
  for (const child of Object.values(value)) visit(child, see);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'span' in value;
}

function importedBy(node: Node): { specifier: string; typeOnly: boolean } | undefined {
  const typeOnly = node.typeOnly === true || node.type === 'TsImportType';
  const from = node.type === 'CallExpression' ? dynamicImport(node) : (node.source ?? importType(node));
  if (!isNode(from) || from.type !== 'StringLiteral') return undefined;
  return { specifier: String(from.value), typeOnly };
}

function dynamicImport({ callee, arguments: given }: Node): unknown {
  if (!isNode(callee) || callee.type !== 'Import') return undefined;
  const [first] = given as { expression: unknown }[];
  return first?.expression;
}

function importType(node: Node): unknown {
  return node.type === 'TsImportType' ? node.argument : undefined;
}

/** The parser's mark of a name that no scope of the source declares. */
const undeclared = 1;

function globalsIn(node: Node): string[] {
  const name = globalName(node);
  if (name !== undefined) return [name];
  if (node.type === 'NewExpression') {
    const constructed = globalName(node.callee);
    const given = (node.arguments ?? []) as unknown[];
    return constructed === undefined ? [] : [`new ${constructed}(${given.length > 0 ? '...' : ''})`];
  }
  const of = node.type === 'MemberExpression' ? globalName(node.object) : undefined;
  return of !== undefined && isNode(node.property) ? [`${of}.${String(node.property.value)}`] : [];
}

function globalName(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && node.ctxt === undeclared ? String(node.value) : undefined;
}

function isBarrel(path: string, statements: readonly Node[]): boolean {
  if (basename(path) === 'index.ts') return true;
  const only = (types: readonly string[]) => statements.every(({ type }) => types.includes(type));
  const reexports = ['ExportAllDeclaration', 'ExportNamedDeclaration'];
  return statements.some(({ type }) => reexports.includes(type)) && only([...reexports, 'ImportDeclaration']);
}

function resolve(path: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
}
