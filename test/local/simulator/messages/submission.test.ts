import { readSubmission } from '../../../../local/simulator/messages/submission.ts';
import { request, stageOf } from '../messages.ts';

const payload = Buffer.from('Hello');

test.each([
  ['there is nothing else', { short_message: '', message_payload: payload }, 'taken', true],
  ['there is a short_message as well', { short_message: 'Hi', message_payload: payload }, 'taken', false],
  ['the SMSC ignores it', { short_message: '', message_payload: payload }, 'ignored', false],
  ['there is none', { short_message: '' }, 'taken', false],
] as const)('whether the octets are of message_payload when %s', (_when, fields, habit, isPayload) => {
  const { submits } = stageOf({ submits: { payload: habit } }).behaviour;
  const submission = readSubmission(request('submit_sm', { destination_addr: '123', ...fields }), submits);
  expect(submission.isPayload).toBe(isPayload);
  expect(Buffer.from(submission.content.octets).equals(payload)).toBe(isPayload);
});
