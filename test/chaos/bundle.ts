import { readFile, writeFile } from 'node:fs/promises';
import { bundleConnector } from '../../connector/bundle.ts';
import { type Plant, plants } from './plants.ts';

/** The connector as it is deployed, with the planted fault if there is one. */
export async function makeBundle(path: string, plant: Plant | undefined): Promise<void> {
  await bundleConnector(path, false);
  if (plant === undefined) return;
  const code = await readFile(path, 'utf8');
  const { from, to } = plants[plant];
  const count = [...code.matchAll(new RegExp(from, 'g'))].length;
  if (count !== 1) throw new Error(`what "${plant}" replaces must be in the bundle once, it is there ${count} times`);
  await writeFile(path, code.replace(from, to));
}
