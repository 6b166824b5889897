/** Numbers of the standards; clauses without another name are of SMPP 3.4. */

/** Of each PDU: length, id, status and sequence number (3.2). */
export const headerOctets = 16;
/** Of a command_id (5.1.2.1). */
export const responseBit = 0x8000_0000;
/** interface_version of SMPP 3.4, the first that has TLVs (5.2.4). */
export const smpp34 = 0x34;
/** sm_length is one octet, of which so much is allowed; more goes into message_payload (5.2.21). */
export const maxShortMessageOctets = 254;
/** Bit 6 of esm_class: the octets begin with a user data header (5.2.12). */
export const udhIndicator = 0x40;
/** data_coding (5.2.19). */
export const ucs2DataCoding = 0x08;
/** What the radio carries of one short message, the UDH included (3GPP TS 23.040, 9.2.3.24). */
export const radioOctets = 140;
