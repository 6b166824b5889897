import { carrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { ConfigError } from '../../infra/config.ts';
import { type RoutedCarrier, routesJson } from '../../infra/routes.ts';
import { carrierOf } from '../support/config-file.ts';
import { readStack } from '../support/stack.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const lambdaTakes = 4_096;

/** As long as AWS makes it: the longest region, and 80 characters of name. */
const longestUrl = `https://sqs.ap-southeast-1.amazonaws.com/123456789012/${'x'.repeat(75)}.fifo`;

/** So many carriers, of which the first has so many prefixes. */
function routed(carriers: number, prefixes: number): RoutedCarrier[] {
  return Array.from({ length: carriers }, (_, index) => {
    const queue = { queueUrl: longestUrl };
    const queues = { lanes: { urgent: queue, normal: queue } } as unknown as RoutedCarrier['queues'];
    const given = Array.from({ length: index === 0 ? prefixes : 1 }, (_each, prefix) => String(1_000_000 + prefix));
    const carrier = carrierOf({ name: `carrier-${index}`, prefixes: given, defaultSender: 'Acme Ltd' });
    return { carrier: carrierProfile.parse(carrier), queues };
  });
}

const stack = readStack({}, (made) => made);

/** The value of the variable, or the code of what is wrong. */
function routesOf(carriers: number, prefixes: number): string {
  try {
    return stack.resolve(routesJson(stack, routed(carriers, prefixes)));
  } catch (error) {
    if (error instanceof ConfigError) return error.code;
    throw error;
  }
}

test.each([
  ['carriers', 30, 1],
  ['prefixes', 1, 400],
])('more %s than Lambda takes are the user’s to mend, before anything is made', (_, carriers, prefixes) => {
  expect(routesOf(carriers, prefixes)).toBe('invalid-config');
});

test.each([1, 8])(
  'with %p carriers and as many prefixes as are taken, the variables fit into what Lambda takes',
  (count) => {
    const taken = Array.from({ length: 400 }, (_, prefixes) => routesOf(count, prefixes)).filter((json) =>
      /^\[/.test(json),
    );
    expect(taken.length).toBeGreaterThan(50);
    const variables = {
      [environment.routes]: taken.at(-1),
      [environment.tableName]: 'x'.repeat(160),
      [environment.maxSegments]: '255',
      [environment.retainTextDays]: '90',
    };
    expect(Buffer.byteLength(Object.entries(variables).flat().join(''))).toBeLessThanOrEqual(lambdaTakes);
  },
);
