import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { commandNames, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { PDU } from '../../../support/smpp-oracle.ts';
import { anyPdu, ascii } from './any-pdu.ts';
import { asOracleWrites, oracleFields } from './as-oracle.ts';

const runs = { numRuns: 10_000 };

/** `expect` looks closer, but of ten thousand PDUs it takes seconds: it is asked for what is not the same. */
function expectSame(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toStrictEqual(expected);
}

test('what the writer writes is, octet for octet, what node-smpp writes', () => {
  fc.assert(
    fc.property(anyPdu({ commandStatus: 0 }), (pdu) => {
      expectSame(writePdu(pdu), asOracleWrites(pdu));
    }),
    runs,
  );
});

test('what the reader reads from node-smpp is what node-smpp was told to write', () => {
  fc.assert(
    fc.property(anyPdu({ commandStatus: 0, limit: 'specifiedMax' }), (pdu) => {
      const read = readPdu(asOracleWrites(pdu));
      const { command, flaws, incomplete } = read;
      expectSame(
        { ...oracleFields(read), command, flaws, incomplete },
        { ...oracleFields(pdu), command: pdu.command, flaws: [], incomplete: false },
      );
    }),
    runs,
  );
});

test('what node-smpp reads from the writer is what the writer was told to write', () => {
  fc.assert(
    fc.property(anyPdu({ commandStatus: 0, characters: ascii }), (pdu) => {
      const { command_id, command_length, ...read } = new PDU(writePdu(pdu));
      expectSame(read, { command: pdu.command, ...oracleFields(pdu) });
    }),
    runs,
  );
});

test.each(commandNames)(
  'a header-only %s with an error status, as node-smpp writes it, is read (quirk 41)',
  (command) => {
    const read = readPdu(new PDU(command, { command_status: 0x45, sequence_number: 7 }).toBuffer());
    expect(read).toMatchObject({ command, commandStatus: 0x45, sequenceNumber: 7 });
    const isRequest = !command.endsWith('_resp') && command !== 'generic_nack';
    const lacksBody = isRequest && layouts[command].length > 0;
    expect(read.flaws).toHaveLength(lacksBody ? 1 : 0);
    expect(read.incomplete).toBe(lacksBody);
  },
);
