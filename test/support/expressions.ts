import type { Change, Item } from '../../lambdas/ports.ts';

/**
 * As much of DynamoDB's expressions as the Lambdas use, over items in memory: top-level attributes, SET of a
 * value or `if_not_exists`, REMOVE, ADD to and DELETE from a set; comparisons, NOT and four functions. What is not known throws. That it says what
 * DynamoDB says is tested against an emulator: `test/lambdas/memory-table.test.ts`.
 */

interface Scope {
  readonly item: Readonly<Record<string, unknown>>;
  readonly change: Change;
}

type Evaluate<Result> = (scope: Scope) => Result;

/** Whether the condition, if any, holds for the item; `{}` stands for none. */
export function holds(item: Scope['item'], change: Change): boolean {
  return change.condition === undefined || conditionOf(change.condition)({ item, change });
}

/** The item after the change. */
export function changed(item: Item, change: Change): Item {
  const result: Record<string, unknown> = { ...item };
  for (const [, clause = '', list = ''] of change.update.matchAll(
    /(SET|REMOVE|ADD|DELETE) (.+?)(?= (?:SET|REMOVE|ADD|DELETE) |$)/g,
  )) {
    for (const action of list.split(/, ?(?![^(]*\))/)) act(clause, action, result, { item, change });
  }
  return result as Item;
}

function act(clause: string, action: string, result: Record<string, unknown>, scope: Scope): void {
  const [target = '', ...rest] = action.split(/ (?![^(]*\))/);
  const name = attributeName(target, scope.change);
  const value = valueGiven(rest.at(-1) ?? '', scope);
  if (clause === 'SET' && rest[0] === '=' && rest.length === 2 && value !== undefined) result[name] = value;
  else if (clause === 'REMOVE' && rest.length === 0) delete result[name];
  else if (clause === 'ADD' && value instanceof Set) result[name] = new Set([...setOf(scope.item[name]), ...value]);
  else if (clause === 'DELETE' && value instanceof Set) {
    const left = new Set([...setOf(scope.item[name])].filter((member) => !value.has(member)));
    if (left.size > 0) result[name] = left;
    else delete result[name];
  } else throw new Error(`not known: ${clause} ${action}`);
}

function valueGiven(word: string, scope: Scope): unknown {
  const [, path, otherwise] = /^if_not_exists\((\S+), (\S+)\)$/.exec(word) ?? [];
  if (path === undefined || otherwise === undefined) return operandOf(word, scope);
  return operandOf(path, scope) ?? operandOf(otherwise, scope);
}

const conditions = new Map<string, Evaluate<boolean>>();

function conditionOf(expression: string): Evaluate<boolean> {
  const known = conditions.get(expression) ?? new ConditionParser(expression).parse();
  conditions.set(expression, known);
  return known;
}

class ConditionParser {
  readonly #tokens: string[];

  constructor(expression: string) {
    this.#tokens = expression.match(/[#:]?\w+|<=|>=|<>|[=<>(),]/g) ?? [];
  }

  parse(): Evaluate<boolean> {
    const condition = this.#any();
    if (this.#tokens.length > 0) throw new Error(`not known: ${this.#tokens.join(' ')}`);
    return condition;
  }

  #any(): Evaluate<boolean> {
    const parts = [this.#all()];
    while (this.#take('OR')) parts.push(this.#all());
    return (scope) => parts.some((part) => part(scope));
  }

  #all(): Evaluate<boolean> {
    const parts = [this.#one()];
    while (this.#take('AND')) parts.push(this.#one());
    return (scope) => parts.every((part) => part(scope));
  }

  #one(): Evaluate<boolean> {
    if (this.#take('NOT')) {
      const negated = this.#one();
      return (scope) => !negated(scope);
    }
    if (this.#take('(')) {
      const inner = this.#any();
      this.#expect(')');
      return inner;
    }
    const word = this.#next();
    if (word.startsWith('attribute_') || word === 'contains') return this.#test(word);
    const left = this.#operand(word);
    const operator = this.#next();
    const right = this.#operand(this.#next());
    return (scope) => compare(left(scope), operator, right(scope));
  }

  #test(name: string): Evaluate<boolean> {
    const [path, wanted] = this.#arguments();
    switch (name) {
      case 'attribute_exists':
        return (scope) => path?.(scope) !== undefined;
      case 'attribute_not_exists':
        return (scope) => path?.(scope) === undefined;
      case 'contains':
        return (scope) => setOf(path?.(scope)).has(wanted?.(scope));
      default:
        throw new Error(`not known: ${name}`);
    }
  }

  #operand(word: string): Evaluate<unknown> {
    if (word !== 'size') return (scope) => operandOf(word, scope);
    const [path] = this.#arguments();
    return (scope) => {
      const value = path?.(scope);
      return value instanceof Set ? value.size : undefined;
    };
  }

  #arguments(): Evaluate<unknown>[] {
    this.#expect('(');
    const found = [this.#operand(this.#next())];
    while (this.#take(',')) found.push(this.#operand(this.#next()));
    this.#expect(')');
    return found;
  }

  #next(): string {
    return this.#tokens.shift() ?? '';
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`expected ${token} before ${this.#tokens.join(' ')}`);
  }
}

/** Nothing compares with an attribute that is missing. */
function compare(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  switch (operator) {
    case '=':
      return left === right;
    case '<':
      return typeof left === 'number' && typeof right === 'number' ? left < right : String(left) < String(right);
    case '<=':
      return compare(left, '=', right) || compare(left, '<', right);
    default:
      throw new Error(`not known: ${operator}`);
  }
}

function operandOf(word: string, { item, change }: Scope): unknown {
  return word.startsWith(':') ? change.values?.[word] : item[attributeName(word, change)];
}

function attributeName(word: string, { names }: Change): string {
  if (!word.startsWith('#')) return word;
  const name = names?.[word];
  if (name === undefined) throw new Error(`${word} is not among the names`);
  return name;
}

function setOf(value: unknown): ReadonlySet<unknown> {
  return value instanceof Set ? value : new Set();
}
