/** What any function takes: Node itself. */
export async function handler(): Promise<null> {
  return null;
}
