import { dataCodingSchemeOf } from '../handsets/data-coding-scheme.ts';
import { radioOctets, ucs2DataCoding } from '../smpp.ts';
import { bodyOf, type Content, hasUdh } from './submission.ts';

/** The SMSC makes a UDH of the sar_* TLVs. */
const concatenationOctets = 6;

/** Whether it is no longer than a short message may be; octets of 7 bit alphabets are a septet each. */
export function fitsRadio(content: Content): boolean {
  const body = bodyOf(content);
  const ofUdh = hasUdh(content) ? content.octets.length - body.length : 0;
  const room = radioOctets - (ofUdh === 0 && content.sar !== undefined ? concatenationOctets : ofUdh);
  return body.length <= (isOfOctets(content.dataCoding) ? room : Math.floor((room * 8) / 7));
}

/** Others than UCS-2 and data the SMSC turns into GSM 7 bit. */
function isOfOctets(dataCoding: number): boolean {
  const { alphabet } = dataCodingSchemeOf(dataCoding);
  return alphabet === 'data' || dataCoding === ucs2DataCoding || (alphabet === 'other' && dataCoding > 0x0f);
}
