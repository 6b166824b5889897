import { answerParent } from './answer-parent.ts';
import { usage } from './usage.ts';

/** Loaded into the connector ahead of its bundle, which is as it is deployed: tells what the process uses. */
const answers = { usage };
export type ConnectorAnswers = typeof answers;
answerParent(answers);
