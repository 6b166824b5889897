import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

/** Containers without docker: podman with a store of its own, which goes with the directory that it is in. */

const standIn = join(__dirname, '../container/docker-stand-in');
const howToGet = 'apt-get install --no-install-recommends podman runc';

/** What keeps this machine from building and running the image; undefined when nothing does. */
export async function missingForContainers(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `containers run on Linux only, this is ${process.platform}`;
  for (const command of ['podman', 'runc']) {
    const found = await run(command, ['--version'], { env: process.env }).catch(() => undefined);
    if (found === undefined) return `${command} is missing: ${howToGet}`;
  }
  return undefined;
}

/** Environment in which podman keeps all that it makes in `directory`. */
export async function containerStore(directory: string): Promise<NodeJS.ProcessEnv> {
  const file = join(directory, 'storage.conf');
  const lines = [
    '[storage]',
    'driver = "overlay"',
    `graphroot = "${directory}/images"`,
    `runroot = "${directory}/run"`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return { CONTAINERS_STORAGE_CONF: file };
}

/** The environment of the CDK's CLI, for which something has to be docker. */
export function dockerFor(store: NodeJS.ProcessEnv | undefined): NodeJS.ProcessEnv {
  // Without a store nothing is built, and whatever the CLI asks of docker succeeds.
  return store === undefined ? { CDK_DOCKER: 'true' } : { ...store, CDK_DOCKER: standIn };
}

/**
 * There is no registry to pull the base image from. In its place, under its name: the Node that runs this, with the
 * libraries that it needs, and the users that the real one has.
 */
export async function makeBaseImage(dockerfile: string, store: NodeJS.ProcessEnv, directory: string): Promise<void> {
  const [, base] = /^ARG BASE=(\S+)$/m.exec(await readFile(dockerfile, 'utf8')) ?? [];
  if (base === undefined) throw new Error(`${dockerfile} must name its base image as "ARG BASE=..."`);
  const context = await mkdtemp(join(directory, 'base-'));
  const root = join(context, 'root');
  await put(process.execPath, join(root, 'usr/local/bin/node'));
  for (const library of await librariesOf(process.execPath)) await put(library, join(root, library));
  for (const made of ['etc', 'home/node', 'tmp']) await mkdir(join(root, made), { recursive: true });
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  const lines = ['FROM scratch', 'COPY root /', 'ENV PATH=/usr/local/bin:/usr/bin:/bin', 'CMD ["node"]'];
  await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  await run(standIn, ['build', '--tag', base, context], { env: { ...process.env, ...store } });
}

/** As the dynamic linker names them, that one included. */
async function librariesOf(program: string): Promise<readonly string[]> {
  return (await run('ldd', [program], { env: process.env })).match(/(?<=\s)\/\S+/g) ?? [];
}

async function put(file: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await copyFile(file, place);
}

/** Ends and removes whatever runs in the store. */
export async function removeContainers(store: NodeJS.ProcessEnv): Promise<void> {
  await podman(store, ['rm', '--all', '--force', '--time', '0']);
}

export function podman(store: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
  return run('podman', [...podmanOptions, ...args], { env: { ...process.env, ...store } });
}

/** Of Debian's two runtimes the one that does with any kind of cgroups. */
export const podmanOptions = ['--runtime', 'runc'] as const;
