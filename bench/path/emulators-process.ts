import { region } from '../../local/aws.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { answerParent } from './answer-parent.ts';
import { usage } from './usage.ts';

const emulators = await startEmulators({ region });
const answers = { usage, endpoint: () => emulators.endpoint };
export type EmulatorsAnswers = typeof answers;
answerParent(answers);
