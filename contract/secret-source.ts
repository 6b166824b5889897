import * as z from 'zod';
import { inWords, textOfForm } from './config/form.ts';

const form = '{"secretArn": "arn:..."}, {"env": "VARIABLE"} or {"file": "path"}';

/** Where a secret is, never the secret itself: a config file is read, copied and committed by many. */
export function secretSource(what: string) {
  return z
    .union(
      [
        z.strictObject({
          // Whole, with the suffix that AWS gives it: what the task may read is told by it.
          secretArn: textOfForm(
            /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
            'the whole ARN of a secret, "arn:aws:secretsmanager:...-AbCdEf"',
          ).describe('In AWS: a secret of yours in Secrets Manager; one trailing line break is dropped.'),
        }),
        z.strictObject({ env: z.string().min(1).describe('Locally: name of an environment variable.') }),
        z.strictObject({
          file: z.string().min(1).describe('Locally: path of a file; one trailing line break is dropped.'),
        }),
      ],
      { error: `must be ${form}; ${what} must not stand in a config file` },
    )
    .meta(inWords(form));
}

export type SecretSource = z.output<ReturnType<typeof secretSource>>;
