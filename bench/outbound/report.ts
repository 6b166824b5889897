import { unreachable } from '#contract/unreachable.ts';
import { type Aim, aimOf, compared, type Round, rowsOf, spreadOf } from '../path/report.ts';
import type { Part } from '../path/show.ts';
import type { Group, Reached } from './measure.ts';
import type { Distance } from './plan.ts';

const ofBareCpu = 0.8;
const laterThanBareMs = 3;
const ofSmallBacklog = 1.1;
const ofAllowed = 0.98;
/** Of a core: then it is the emulators that are waited for. */
const emulatorsBusy = 0.9;

/** What one group says by itself. */
export function partOf(group: Group): Part {
  switch (group.kind) {
    case 'backlog':
      return { rows: rowsOf(nameOf(group.messages), group.rounds), aims: backlogAims(group.messages, group.rounds) };
    case 'trickle':
      return { rows: rowsOf(`${group.perSecond} a second`, group.rounds), aims: [trickleAim(group)] };
    case 'distance':
      return { rows: [], aims: distanceAims(group.distance, group.reached) };
    default:
      return unreachable(group);
  }
}

function backlogAims(messages: number, rounds: readonly Round[]): Aim[] {
  const what = nameOf(messages);
  return [
    aimOf({
      what: `${what}: CPU per message, of the bare loop's`,
      unit: 'ratio',
      bound: 'at most',
      wanted: ofBareCpu,
      got: compared(rounds, (own, bare) => own.cpuUsPerMessage / bare.cpuUsPerMessage),
    }),
    aimOf({
      what: `${what}: messages a second, of the bare loop's`,
      unit: 'ratio',
      bound: 'at least',
      wanted: 1,
      got: compared(rounds, (own, bare) => own.perSecond / bare.perSecond),
    }),
    aimOf({
      what: `${what}: the emulators' share of a core`,
      unit: 'share',
      bound: 'at least',
      wanted: emulatorsBusy,
      got: compared(rounds, (own) => own.emulatorsBusy),
    }),
  ];
}

function trickleAim({ perSecond, rounds }: Extract<Group, { kind: 'trickle' }>): Aim {
  return aimOf({
    what: `${perSecond} a second: p50 from the queue to the SMSC, later than in the bare loop`,
    unit: 'ms',
    bound: 'at most',
    wanted: laterThanBareMs,
    got: compared(rounds, (own, bare) => own.p50Ms - bare.p50Ms),
  });
}

function distanceAims(distance: Distance, reached: readonly Reached[]): Aim[] {
  const { window, roundTripMs, sqsMs, messagesPerSecond } = distance;
  const what = `window ${window}, round trip ${roundTripMs} ms, SQS ${sqsMs} ms away`;
  const shares = spreadOf(reached.map(({ share }) => share));
  const share = { unit: 'share', bound: 'at least', wanted: ofAllowed, got: shares } as const;
  if (messagesPerSecond === undefined) return [aimOf({ ...share, what: `${what}: of window / round trip` })];
  return [
    aimOf({ ...share, what: `${what}: of the limit of ${messagesPerSecond} a second` }),
    aimOf({
      what: `${what}: most in any second, of the limit of ${messagesPerSecond}`,
      unit: 'ratio',
      bound: 'at most',
      wanted: 1,
      got: spreadOf(reached.map(({ mostInASecond }) => mostInASecond / messagesPerSecond)),
    }),
  ];
}

/** Whether a message costs more when there are many. */
export function growthAim(small: readonly Round[], large: readonly Round[]): Aim {
  const ratios = large.map((round, index) => {
    const other = small[index] ?? round;
    return round.connector.cpuUsPerMessage / other.connector.cpuUsPerMessage;
  });
  return aimOf({
    what: 'CPU per message with the largest backlog, of that with the smallest',
    unit: 'ratio',
    bound: 'at most',
    wanted: ofSmallBacklog,
    got: spreadOf(ratios),
  });
}

function nameOf(messages: number): string {
  return messages % 1_000 === 0 ? `backlog ${messages / 1_000} k` : `backlog ${messages}`;
}
