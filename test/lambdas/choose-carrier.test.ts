import { chooseCarrier } from '../../lambdas/choose-carrier.ts';
import { route } from '../support/factories.ts';

const rest = route({ carrier: 'rest' });
const europe = route({ carrier: 'europe', prefixes: ['44', '49'] });
const mobile = route({ carrier: 'mobile', prefixes: ['447'] });

test.each([
  ['+447700900123', [rest, europe, mobile], 'mobile'],
  ['+442079460000', [rest, europe, mobile], 'europe'],
  ['+15005550006', [europe, rest, mobile], 'rest'],
  ['+15005550006', [europe, mobile], undefined],
  ['+447700900123', [rest, route({ carrier: 'second' })], 'rest'],
  ['+447700900123', [], undefined],
])('%s goes to the carrier with the longest matching prefix', (to, routes, carrier) => {
  expect(chooseCarrier(routes, to)?.carrier).toBe(carrier);
});
