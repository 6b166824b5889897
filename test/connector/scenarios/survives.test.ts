import { scenarios } from '../../../local/simulator/play/scenarios.ts';
import { ScenarioRig } from './rig.ts';

// Minutes of the clock are seconds of a busy machine.
jest.setTimeout(60_000);

const fromHandset = { from: '+447700900123', to: '12345' };
/** Longer than the longest wait after refused credentials, and than a session that counts as bound. */
const recoveryMs = 20 * 60_000;

describe.each(Object.keys(scenarios))('while the SMSC plays %s', (scenario) => {
  test('the connector loses nothing, and afterwards all is as ever', async () => {
    const rig = new ScenarioRig();
    await rig.start();
    rig.simulator.stage.play({ scenarios: [scenario], change: {} });
    const during = {
      short: rig.enqueue({ text: 'short' }),
      emoji: rig.enqueue({ text: 'Zażółć gęślą jaźń 😀' }),
      long: rig.enqueue({ text: 'long '.repeat(60) }),
      once: rig.enqueue({ text: 'once', guarantee: 'at-most-once' }),
    };
    void rig.simulator.sendMo({ ...fromHandset, text: 'while it lasts' });
    void rig.simulator.sendMo({ ...fromHandset, text: '€ and more '.repeat(30) });
    await rig.clock.advance(180_000);

    rig.simulator.stage.play({ scenarios: [], change: {} });
    const after = rig.enqueue({ text: 'afterwards' });
    void rig.simulator.sendMo({ ...fromHandset, text: 'and back' });
    await rig.until('end of every message', () => rig.waiting === 0, recoveryMs);
    await rig.until('message from a handset', () => rig.inbound.includes('and back'), recoveryMs);
    await rig.until('receipt', () => receiptedOf(rig).has(after.to.slice(1)), recoveryMs);

    expect(rig.simulator.handsets.messages({ to: after.to })).toMatchObject([{ text: 'afterwards' }]);
    const last = Object.entries(during).map(([name, message]) => [name, rig.told(message).at(-1)]);
    expect(Object.fromEntries(last)).toEqual({ ...allSubmitted, ...otherwise[scenario] });
    expect(rig.deadLetters).toBe(0);
    const errors = rig.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect([...new Set(errors)]).toEqual(errorsOf[scenario] ?? []);
  });
});

/** Recipients of whom a receipt came, in digits. */
function receiptedOf({ events }: ScenarioRig): ReadonlySet<string> {
  return new Set(events.flatMap((event) => (event.type === 'receipt' ? [event.from.replace(/\D/g, '')] : [])));
}

/** The last that is told of each message. */
const allSubmitted = { short: 'submitted', emoji: 'submitted', long: 'submitted', once: 'submitted' };

const ended = expect.stringMatching(/^(submitted|rejected)$/);

/** What the carrier's profile would have to say, what nobody can know, and what chance decides. */
const otherwise: Readonly<Record<string, Partial<Record<keyof typeof allSubmitted, unknown>>>> = {
  malformed: { once: 'sending' },
  reject: { short: ended, emoji: ended, long: ended, once: ended },
  silent: { once: 'sending' },
  'quirk-32': { long: 'rejected' },
  'quirk-71-refused': { short: 'rejected', emoji: 'rejected', long: 'rejected', once: 'rejected' },
};

const credentials = 'the SMSC does not take these credentials: check systemId, systemType and the password';
const errorsOf: Readonly<Record<string, readonly string[]>> = {
  'wrong-password': [credentials],
  'quirk-63': [credentials],
};
