/** What a table of the package `smpp` has under `name`. Throws if it has nothing: a name of ours is wrong then. */
export function known<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw new Error(`the package smpp knows no ${name}`);
  return value;
}
