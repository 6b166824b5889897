// Adds to package-lock.json the optional packages (binaries of other platforms) that the registry it was made with did
// not carry. npm 11 refuses a lock that lacks them ("Missing: ... from lock file"); with the entry, npm fetches the
// package where it exists and is wanted, and passes it over elsewhere. Run after every change of the lock.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];

for (const [location, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(location, name)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), optional: true };
    added.push(`${name}@${version}`);
  }
}

if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'the lock is complete' : `added to the lock:\n  ${added.join('\n  ')}`);

/** Whether a package that stands at `location` finds `name`, in its own node_modules or in one above. */
function isLocked(location, name) {
  for (let at = location; at !== undefined; at = parentOf(at)) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
  }
  return false;
}

function parentOf(location) {
  if (location === '') return undefined;
  const nested = location.lastIndexOf('/node_modules/');
  return nested === -1 ? '' : location.slice(0, nested);
}

/** `os`, `cpu` and `libc` as the package's name says, such as `binding-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const pick = (...known) => known.find((word) => words.includes(word));
  const os = pick('linux', 'darwin', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony');
  const cpu = pick('x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32');
  const libc = pick('gnu', 'glibc', 'musl');
  return {
    ...(os && { os: [os] }),
    ...(cpu && { cpu: [cpu] }),
    ...(libc && { libc: [libc === 'musl' ? 'musl' : 'glibc'] }),
  };
}
