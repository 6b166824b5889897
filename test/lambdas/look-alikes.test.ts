import fc from 'fast-check';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { begin } from '../support/factories.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { anyWorld, type Copy, type Course, courseOf, type Plan, validity, type World } from '../support/lossy-smsc.ts';
import { memoryTable } from '../support/memory-table.ts';

/**
 * docs/decisions/003 over many messages to the same recipients: what is told of them comes late and in any order,
 * responses are lost, references collide, ids are written in two ways. Everything of a message is told within the
 * hour after which receipts are decided: that is what the decision presupposes.
 */

/** When `settle-due` runs after something was told: too early, when that is decided, and when it is given up. */
const runsAfter = [2, 60, 1_501];

async function live(world: World, { ids, told }: Course): Promise<TestPorts> {
  const ports = testPorts(memoryTable());
  const settle = async () => expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  const happenings = [
    ...world.plans.map((plan, index) => ({ at: plan.begin, act: () => accept(ports, plan, ids[index] ?? '') })),
    ...told.map(({ at, event }) => ({ at, act: () => applyEvent(ports, event) })),
    ...told.flatMap(({ at }) => runsAfter.map((minutes) => ({ at: at + minutes, act: settle }))),
  ];
  for (const { at, act } of happenings.sort((a, b) => a.at - b.at)) {
    ports.advance(begin + at * 60_000 - ports.now());
    await act();
  }
  return ports;
}

async function accept(ports: TestPorts, plan: Plan, id: string): Promise<void> {
  const minutes = validityOf(plan);
  await acceptedMessage(ports, id, {
    to: plan.recipient,
    from: plan.sender,
    text: plan.segments === 1 ? 'Hello' : 'x'.repeat(200),
    guarantee: plan.once ? 'at-most-once' : 'at-least-once',
    validitySeconds: minutes * 60,
  });
}

function validityOf({ once, end }: Plan): number {
  return !once && end === 'expired' ? validity.expired : validity.other;
}

interface Match {
  readonly messageId: string;
  readonly segment: number;
  readonly smscMessageId: string;
  readonly matchedBy: string;
}

async function matchesIn({ table }: TestPorts, ids: readonly string[]): Promise<Match[]> {
  const histories = await Promise.all(ids.map(async (id) => (await readMessage(table, id))?.history ?? []));
  return histories.flat().flatMap((fact) => {
    if (fact.type !== 'receipt') return [];
    const { messageId, segment, smscMessageId, matchedBy } = fact;
    return [{ messageId, segment, smscMessageId, matchedBy }];
  });
}

/** How a receipt of the copy must be matched; undefined where the rule leaves it open, or says that it must not. */
function mustBe(world: World, { ids, copies }: Course, copy: Copy): Match['matchedBy'] | undefined {
  const { messageId, segment } = copy;
  const plan = world.plans[copy.plan];
  if (copy.named) return world.twoBases ? 'derived-id' : 'id';
  const twins = copies.filter((other) => !other.named && other.messageId === messageId && other.segment === segment);
  if (plan === undefined || twins.length > 1) return undefined;
  const neighbours = world.plans.flatMap((other, index) =>
    index !== copy.plan && other.recipient === plan.recipient ? [{ plan: other, id: ids[index] ?? '' }] : [],
  );
  if (world.refers) {
    const reference = userMessageReferenceOf(messageId, segment);
    const shared = neighbours.some(({ plan: { segments }, id }) =>
      [1, 2].slice(0, segments).some((other) => userMessageReferenceOf(id, other) === reference),
    );
    return shared ? undefined : 'reference';
  }
  const isOpen = plan.once || plan.end === 'expired' || plan.end === 'answered without an id';
  const isAlone = neighbours.every(({ plan: other }) => other.lost.length === 0 && isCertain(other));
  return plan.segments === 1 && isOpen && isAlone && copy.receiptAfter <= 1_440 ? 'recipient' : undefined;
}

/** Of a message of which nothing is lost: whether that is known. */
function isCertain({ once, end }: Plan): boolean {
  if (end === 'answered without an id') return false;
  return once || end !== 'refused';
}

test('no receipt is matched with a wrong segment, and each with the right one where there is exactly one', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(anyWorld, async (world) => {
    const course = courseOf(world);
    const matches = await matchesIn(await live(world, course), course.ids);
    for (const { matchedBy, ...match } of matches) {
      seen.set(matchedBy, (seen.get(matchedBy) ?? 0) + 1);
      expect(course.copies).toContainEqual(expect.objectContaining(match));
    }
    for (const copy of course.copies) {
      const matchedBy = mustBe(world, course, copy);
      if (matchedBy === undefined) continue;
      seen.set(`must ${matchedBy}`, (seen.get(`must ${matchedBy}`) ?? 0) + 1);
      const { messageId, segment, smscMessageId } = copy;
      expect(matches).toContainEqual({ messageId, segment, smscMessageId, matchedBy });
    }
  });
  await fc.assert(property, { numRuns: 300 });
  for (const matchedBy of [
    'id',
    'derived-id',
    'reference',
    'recipient',
    'must derived-id',
    'must reference',
    'must recipient',
  ]) {
    expect(seen.get(matchedBy)).toBeGreaterThan(0);
  }
}, 60_000);
