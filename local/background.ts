import { randomUUID } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, ScheduledEvent, SQSHandler } from 'aws-lambda';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../connector/clock.ts';
import { lambdaContext } from './api/event.ts';
import { accountId, region } from './aws.ts';
import { runEventSource, sqsQueue } from './event-source.ts';
import type { Functions } from './functions.ts';
import { publishedHappening } from './happening.ts';
import type { Releases } from './releases.ts';
import { type Reporter, reportError } from './report.ts';
import { queueArn, type Resources } from './resources.ts';
import { runUntilReleased } from './run-until-released.ts';
import { runSchedule } from './schedule.ts';

export interface BackgroundOptions {
  readonly sqs: SQSClient;
  readonly resources: Resources;
  readonly functions: Functions;
  readonly reporter: Reporter;
  readonly clock: Clock;
}

const settleDueEveryMs = 60_000;
/** What `infra/` gives these functions. */
const functionTimeoutMs = 30_000;

/** What runs without being asked: the functions on queues, the one on a schedule, and the terminal's lines. */
export function startBackground(options: BackgroundOptions, releases: Releases): void {
  const { resources, functions, reporter } = options;
  runUntilReleased(releases, (stop) =>
    Promise.all([
      consume(options, resources.eventsQueueUrl, 'track-events', functions.trackEvents, stop),
      consume(options, resources.inboundQueueUrl, 'keep-inbound', functions.keepInbound, stop),
      consume(options, resources.terminalQueueUrl, 'terminal', terminalHandler(reporter), stop),
      runSettleDue(options, stop),
    ]),
  );
}

function consume(
  { sqs, clock, reporter }: BackgroundOptions,
  queueUrl: string,
  functionName: string,
  handler: SQSHandler,
  stop: AbortSignal,
): Promise<void> {
  return runEventSource(
    {
      queue: sqsQueue(sqs, queueUrl),
      queueArn: queueArn(queueUrl.split('/').at(-1) ?? ''),
      region,
      handler,
      context: () => context(functionName, clock),
      clock,
      onError: (what, error) => reportError(reporter, `${functionName}: ${what}`, error),
    },
    stop,
  );
}

const maxShownIds = 10_000;

/** Topics publish at least once; what was shown lately is not shown again. */
function terminalHandler(reporter: Reporter): SQSHandler {
  const shown = new Set<string>();
  return async ({ Records }) => {
    for (const { body } of Records) {
      try {
        const happening = publishedHappening(body);
        if (!shown.has(happening.id)) reporter.happened(happening);
        if (shown.size >= maxShownIds) shown.clear();
        shown.add(happening.id);
      } catch (cause) {
        reportError(reporter, 'a topic published what nobody can read', toError(cause));
      }
    }
  };
}

function runSettleDue({ functions, clock, reporter }: BackgroundOptions, stop: AbortSignal): Promise<void> {
  return runSchedule(
    {
      everyMs: settleDueEveryMs,
      run: async () => {
        await functions.settleDue(scheduledEvent(clock.now()), context('settle-due', clock), () => undefined);
      },
      clock,
      onError: (error) => reportError(reporter, 'settle-due failed', error),
    },
    stop,
  );
}

function scheduledEvent(now: number): ScheduledEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: new Date(now).toISOString(),
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/settle-due`],
    detail: {},
  };
}

function context(functionName: string, clock: Clock): Context {
  return lambdaContext(functionName, randomUUID(), clock.now() + functionTimeoutMs, () => clock.now());
}
