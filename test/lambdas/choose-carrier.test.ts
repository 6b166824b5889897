import { candidatesFor, chooseBound } from '../../lambdas/choose-carrier.ts';
import { route } from '../support/factories.ts';

const rest = route({ carrier: 'rest' });
const europe = route({ carrier: 'europe', prefixes: ['44', '49'] });
const mobile = route({ carrier: 'mobile', prefixes: ['447'] });
const other = route({ carrier: 'other', prefixes: ['1', '447'] });

test.each([
  ['+447700900123', [rest, europe, mobile], ['mobile']],
  ['+447700900123', [other, rest, europe, mobile], ['other', 'mobile']],
  ['+442079460000', [rest, europe, mobile], ['europe']],
  ['+15005550006', [europe, rest, mobile], ['rest']],
  ['+15005550006', [europe, mobile], undefined],
  ['+447700900123', [rest, route({ carrier: 'second' })], ['rest', 'second']],
  ['+447700900123', [], undefined],
])('%s can go to the carriers with the longest matching prefix', (to, routes, carriers) => {
  expect(candidatesFor(routes, to)?.map(({ carrier }) => carrier)).toEqual(carriers);
});

test.each([
  [[], 'mobile'],
  [['mobile'], 'mobile'],
  [['other'], 'other'],
  [['other', 'mobile'], 'mobile'],
  [['rest'], 'mobile'],
])('of equals, with %j bound, %s is taken', (bound, carrier) => {
  expect(chooseBound([mobile, other], new Set(bound)).carrier).toBe(carrier);
});
