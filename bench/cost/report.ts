import type { Entry } from './ledger.ts';
import type { Counts, Invocation } from './metered-gateway.ts';

/** A table for a terminal: all divided by the number of messages, or of minutes. */
export function report(title: string, per: number, counts: Counts): string {
  const { entries, invocations, connectorBytes, logBytes } = counts;
  const total = (number: (entry: Entry) => number) =>
    figure(entries.reduce((sum, entry) => sum + number(entry), 0) / per);
  const byWhat = Map.groupBy(
    entries,
    ({ service, operation, target }) => `${service.padEnd(14)}${operation.padEnd(30)}${target}`,
  );
  const rows = [...byWhat].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, same]) => requestRow(what, same, per));
  return [
    `\n${title}`,
    `  ${'requests'.padStart(9)}  ${'writes'.padStart(7)}${'+ index'.padStart(9)}${'reads'.padStart(7)}`,
    ...rows,
    ...perService(entries, per),
    `  DynamoDB: ${total((entry) => entry.tableWrites)} + ${total((entry) => entry.indexWrites)} write units, ${total(({ reads }) => reads)} read units`,
    ...invocationRows(invocations, per),
    `  ${figure(connectorBytes / per)} bytes between the connector and the world, ${figure(logBytes / per)} bytes of logs`,
    '',
  ].join('\n');
}

function requestRow(what: string, entries: readonly Entry[], per: number): string {
  const sum = (number: (entry: Entry) => number) => entries.reduce((all, entry) => all + number(entry), 0) / per;
  const units = [sum((entry) => entry.tableWrites), sum((entry) => entry.indexWrites), sum(({ reads }) => reads)];
  const [table = '', index = '', reads = ''] = units.map((unit) => (unit === 0 ? '' : figure(unit)));
  return `  ${figure(sum(({ requests }) => requests)).padStart(9)}  ${table.padStart(7)}${index.padStart(9)}${reads.padStart(7)}   ${what}`;
}

function perService(entries: readonly Entry[], per: number): string[] {
  return [...Map.groupBy(entries, ({ service }) => service)].map(([service, all]) => {
    const requests = all.reduce((sum, entry) => sum + entry.requests, 0);
    return `  ${service}: ${figure(requests / per)} requests`;
  });
}

function invocationRows(invocations: readonly Invocation[], per: number): string[] {
  return [...Map.groupBy(invocations, ({ functionName }) => functionName)].map(([name, all]) => {
    const mean = (number: (one: Invocation) => number) => all.reduce((sum, one) => sum + number(one), 0) / all.length;
    const batch = mean(({ records }) => records);
    const records = batch === 0 ? '' : `, ${figure(batch)} records each`;
    return `  ${name}: ${figure(all.length / per)} invocations of ${Math.round(mean(({ ms }) => ms))} ms${records}`;
  });
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
