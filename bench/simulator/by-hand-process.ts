import { listenOnLoopback } from '../../local/loopback.ts';
import { answerParent } from '../path/answer-parent.ts';
import { usage } from '../path/usage.ts';
import { createSmsc } from '../session/smsc.ts';
import { memory } from './memory.ts';
import type { SmscAnswers } from './simulator-process.ts';

const port = await listenOnLoopback(
  createSmsc(() => {}),
  0,
);
answerParent({ usage, memory, port: () => port } satisfies SmscAnswers);
