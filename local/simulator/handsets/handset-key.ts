/** Under what a handset is known: its number is the same with and without "+". */
export function handsetKey(number: string): string {
  return number.startsWith('+') ? number.slice(1) : number;
}
