import { gatewayResponses, problemJson } from '#contract/gateway-responses.ts';

test('an error of API Gateway has the form of ours', () => {
  expect(JSON.parse(problemJson(gatewayResponses.INVALID_API_KEY))).toEqual({
    type: 'urn:aws-smpp-gateway:problem:invalid-api-key',
    title: 'x-api-key is missing or unknown',
    status: 403,
    code: 'invalid-api-key',
  });
});

test('a code has one status and one title, wherever it stands', () => {
  const kinds = Object.values(gatewayResponses);
  for (const kind of kinds) expect(kinds.find(({ code }) => code === kind.code)).toEqual(kind);
});
