import type { GatewayResponseType } from '#contract/gateway-responses.ts';

/** Thrown where API Gateway would answer instead of the function; `api.ts` makes the response of it. */
export class GatewayFault extends Error {
  override readonly name = 'GatewayFault';
  readonly code = 'gateway-fault';
  readonly type: GatewayResponseType;

  constructor(type: GatewayResponseType, options?: ErrorOptions) {
    super(type, options);
    this.type = type;
  }
}
