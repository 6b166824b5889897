import type { FieldFault } from '#contract/gateway-responses.ts';
import type { Route } from '#contract/routes.ts';
import { codePointOf, TooManySegmentsError, UnencodableTextError } from '#contract/text/encode-errors.ts';
import { type Encoding, measureText } from '#contract/text/encode-text.ts';
import { type Replaced, smarten } from '#contract/text/smart.ts';
import type { Candidates } from './choose-carrier.ts';
import { type GivenTlvs, type LaneTlvs, tlvsBy } from './message-tlvs.ts';
import { invalidRequest } from './request-faults.ts';

/** What a client wants sent, before a carrier is known. */
export interface Wanted {
  readonly text: string;
  readonly smart: boolean;
  readonly tlvs: GivenTlvs;
}

/** A carrier that can take a message, and what the message is for it. */
export interface FittingRoute {
  readonly carrier: string;
  readonly route: Route;
  readonly text: string;
  /** Undefined where `smart` was not asked for. */
  readonly replaced: readonly Replaced[] | undefined;
  readonly encoding: Encoding;
  readonly segments: number;
  readonly tlvs: LaneTlvs;
}

type Fit =
  | { readonly kind: 'fits'; readonly by: FittingRoute }
  | { readonly kind: 'unfit'; readonly faults: FieldFault[] };

/**
 * Those of the routes that can take the message: with all its characters, in at most `maxSegments`, and with its TLVs. Throws
 * `ApiError` `invalid-request` when none can, with what is wrong for the first; no fault quotes the text.
 */
export function fittingRoutes(routes: Candidates, wanted: Wanted, maxSegments: number): Candidates<FittingRoute> {
  const [first, ...others] = routes;
  const fits = [fitOf(first, wanted, maxSegments), ...others.map((route) => fitOf(route, wanted, maxSegments))];
  const [best, ...more] = fits.flatMap((fit) => (fit.kind === 'fits' ? [fit.by] : []));
  if (best !== undefined) return [best, ...more];
  throw invalidRequest(fits.flatMap((fit) => (fit.kind === 'unfit' ? [fit.faults] : []))[0] ?? []);
}

function fitOf(route: Route, { text, smart, tlvs: given }: Wanted, maxSegments: number): Fit {
  const { tlvs, faults } = tlvsBy(route, given);
  const measured = measure(route, smart ? smarten(text, route.text) : { text, replaced: undefined }, maxSegments);
  if (typeof measured === 'string') return { kind: 'unfit', faults: [{ field: 'text', message: measured }, ...faults] };
  if (faults.length > 0) return { kind: 'unfit', faults };
  return { kind: 'fits', by: { carrier: route.carrier, route, ...measured, tlvs } };
}

type Wording = Pick<FittingRoute, 'text' | 'replaced'>;
type Measured = Wording & Pick<FittingRoute, 'encoding' | 'segments'>;

/** What the text is for this carrier, or why it takes it not. */
function measure(
  { carrier, text: options }: Route,
  { text, replaced }: Wording,
  maxSegments: number,
): Measured | string {
  if (text === '') return 'must not be empty without what "smart" leaves out';
  try {
    const { encoding, segments } = measureText(text, options);
    return segments <= maxSegments
      ? { text, replaced, encoding, segments }
      : tooLong(maxSegments, { segments, encoding });
  } catch (error) {
    if (error instanceof TooManySegmentsError) return tooLong(maxSegments, error);
    if (!(error instanceof UnencodableTextError)) throw error;
    return `must be of characters that carrier ${carrier} takes, has ${error.characters.map(codePointOf).join(', ')}`;
  }
}

function tooLong(maxSegments: number, { segments, encoding }: Pick<Measured, 'segments' | 'encoding'>): string {
  return `must fit into ${maxSegments} segments, takes ${segments} (${encoding})`;
}
