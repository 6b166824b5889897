import * as z from 'zod';

/** Apart from the profile: a schema is built whenever it is imported, and the functions need no more of a carrier. */
export const carrierNameForm = '1 to 32 of a-z, 0-9 and "-", beginning with a letter';
export const carrierName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, `must be ${carrierNameForm}`);
