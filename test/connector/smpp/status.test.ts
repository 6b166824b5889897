import { statusNames } from '../../../connector/smpp/codec/tables.ts';
import { commandStatusText, esme } from '../../../connector/smpp/status.ts';

test.each([
  [0x00, 'ESME_ROK 0x00: accepted'],
  [0x58, 'ESME_RTHROTTLED 0x58: the allowed message rate was exceeded'],
  // SMPP 5.0 has names that 3.4 has not.
  [0x104, 'ESME_RINVDCS 0x104'],
  [0x41a, 'unknown status 0x0000041a: SMSC vendor specific: ask the carrier'],
  [0x3ff, 'unknown status 0x000003ff: reserved for extensions of SMPP'],
  [0x500, 'unknown status 0x00000500'],
  [0xffffffff, 'unknown status 0xffffffff'],
])('a command_status is told by name, number and meaning: %d', (status, text) => {
  expect(commandStatusText(status)).toBe(text);
});

test('every status of SMPP 3.4 has a meaning', () => {
  const without = [...statusNames.keys()].filter(
    (status) => status < 0x100 && !commandStatusText(status).includes(': '),
  );
  expect(without).toEqual([]);
});

test('statuses are found by name', () => {
  expect(esme).toMatchObject({ ROK: 0, RINVCMDID: 0x03, RMSGQFUL: 0x14, RTHROTTLED: 0x58 });
});
