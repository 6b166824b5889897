/** Why API Gateway itself answers, in its own words: the types of its gateway responses. */
export type GatewayFaultType =
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'INVALID_API_KEY'
  | 'THROTTLED'
  | 'REQUEST_TOO_LARGE'
  | 'INTEGRATION_TIMEOUT'
  | 'INTEGRATION_FAILURE';

/** Thrown where API Gateway would answer instead of the function; `api.ts` makes the response of it. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  readonly code = 'gateway-fault';
  readonly type: GatewayFaultType;

  constructor(type: GatewayFaultType, options?: ErrorOptions) {
    super(type, options);
    this.type = type;
  }
}
