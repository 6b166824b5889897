/** What a sender may be beside a phone number in E.164; the one rule for the API and for a carrier's default. */
export const senderForms = '3 to 8 digits, or 1 to 11 letters, digits and spaces with a letter';

/** Whether it is a short code or an alphanumeric sender. */
export function isCodeOrName(sender: string): boolean {
  return /^\d{3,8}$/.test(sender) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(sender);
}
