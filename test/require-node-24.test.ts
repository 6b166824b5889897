import { spawnSync } from 'node:child_process';

/** Runs the check in a process that believes to be of another version. */
function checkOn(version: string) {
  const pretend = `Object.defineProperty(process, 'version', { value: 'v${version}' });
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
  args.push('--import', './require-node-24.js', '--eval', 'console.log("went on")');
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

test.each(['20.20.2', '22.23.3'])('Node %s is told what is needed, and what it is, in one line', (version) => {
  const { status, stdout, stderr } = checkOn(version);
  expect(status).toBe(1);
  expect(stderr).toBe(`Node >= 24 needed, got v${version}\n`);
  expect(stdout).toBe('');
});

test.each(['24.0.0', '26.10.0'])('Node %s goes on', (version) => {
  expect(checkOn(version)).toMatchObject({ status: 0, stdout: 'went on\n', stderr: '' });
});
