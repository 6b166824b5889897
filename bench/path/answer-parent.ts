import { toError } from '#contract/to-error.ts';

/** What a process can be asked, by name. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** For a process that `Child` has started: answers its parent, and ends with it. */
export function answerParent(answers: Answers): void {
  const answer = async ({ id, name, argument }: Question): Promise<Answer> => {
    try {
      const find = answers[name] as ((argument: unknown) => unknown) | undefined;
      if (find === undefined) throw new Error(`nothing is known of "${name}"`);
      return { id, value: await find(argument) };
    } catch (cause) {
      return { id, error: toError(cause).stack ?? '' };
    }
  };
  process.on('message', async (question: Question) => process.send?.(await answer(question)));
  process.on('disconnect', () => process.exit());
}
