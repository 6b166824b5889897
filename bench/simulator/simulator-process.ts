import { systemClock } from '../../connector/clock.ts';
import { Simulator } from '../../local/simulator/simulator.ts';
import { answerParent } from '../path/answer-parent.ts';
import { usage } from '../path/usage.ts';
import { memory } from './memory.ts';

const simulator = new Simulator({
  accounts: [{ systemId: 'bench', password: 'bench' }],
  clock: systemClock,
  random: Math.random,
  // There is none in a bench: the process ends, and its parent hears of it.
  onFault: (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
});
await simulator.start();

const answers = { usage, memory, port: () => simulator.smsc.port };
export type SmscAnswers = typeof answers;
answerParent(answers);
