/** What a stubbed SDK client was asked. */
export interface AwsCall {
  /** `SendMessageCommand` and so on. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface AnyCommand {
  readonly constructor: { readonly name: string };
  readonly input: Record<string, unknown>;
}

/** An SDK client of which only `send` is there. `answer` gives each call's output, or throws its error. */
export function fakeAws<Client>(answer: (call: AwsCall) => unknown): { client: Client; calls: AwsCall[] } {
  const calls: AwsCall[] = [];
  const send = async (command: AnyCommand): Promise<unknown> => {
    const call = { command: command.constructor.name, input: command.input };
    calls.push(call);
    return answer(call);
  };
  return { client: { send } as unknown as Client, calls };
}

interface Refusal {
  readonly Code: string;
  readonly SenderFault: boolean;
}

/** As SQS and SNS answer a batch call: each entry is in one of two lists. `refused` is by the entry's index. */
export function batchAnswer(count: number, refused: Readonly<Record<number, Refusal>> = {}): unknown {
  const indexes = [...new Array(count).keys()];
  return {
    Successful: indexes.filter((index) => refused[index] === undefined).map((index) => ({ Id: String(index) })),
    Failed: indexes.flatMap((index) => (refused[index] ? [{ Id: String(index), ...refused[index] }] : [])),
  };
}
