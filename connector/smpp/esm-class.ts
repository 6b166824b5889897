/** esm_class: the short message begins with a user data header (SMPP 3.4, 5.2.12). */
export const udhIndicator = 0x40;
