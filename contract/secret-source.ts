import * as z from 'zod';
import { inWords, textOfForm } from './config/form.ts';

const form = '{"secretArn": "arn:..."}, {"env": "VARIABLE"} or {"file": "path"}';

/** Longest path that Linux takes. */
const longestPath = 4_096;

/**
 * A secret that stands where the place of one belongs is refused where it can be told from that: what is taken may be
 * quoted later, by the system if not by us.
 */
const variable = textOfForm(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  'the name of an environment variable (letters, digits and "_"), not its value',
);
const path = textOfForm(
  new RegExp(`^(?!.*-----BEGIN)[^\\0\\r\\n]{1,${longestPath}}$`),
  `the path of a file (one line of at most ${longestPath} characters), not what is in it`,
);

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
        z.strictObject({ env: variable.describe('Locally: name of an environment variable.') }),
        z.strictObject({
          file: path.describe(
            'Locally: path of a file, from the working directory if it is relative; one trailing line break is dropped.',
          ),
        }),
      ],
      { error: `must be ${form}; ${what} must not stand in a config file` },
    )
    .meta(inWords(form));
}

export type SecretSource = z.output<ReturnType<typeof secretSource>>;
