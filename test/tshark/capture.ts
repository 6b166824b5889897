import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { releaseAfterTest } from '../support/release-after-test.ts';

const run = promisify(execFile);

/** A field of tshark's dissector, and what it has in each PDU in the order in which they came. */
export type Decoded = Readonly<Record<string, string>>;

/** What goes over a TCP port of this machine, seen by dumpcap and told by tshark. */
export class Capture {
  readonly #file: string;
  readonly #port: number;
  readonly #dumpcap: ChildProcess;

  private constructor(file: string, port: number, dumpcap: ChildProcess) {
    this.#file = file;
    this.#port = port;
    this.#dumpcap = dumpcap;
  }

  /** Rejects with what dumpcap says when it may not capture. */
  static async start(port: number): Promise<Capture> {
    const folder = mkdtempSync(join(tmpdir(), 'capture-'));
    const file = join(folder, 'smpp.pcap');
    const dumpcap = spawn('dumpcap', ['-i', 'lo', '-f', `tcp port ${port}`, '-P', '-w', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    releaseAfterTest(async () => {
      await end(dumpcap);
      rmSync(folder, { recursive: true });
    });
    await captures(dumpcap);
    return new Capture(file, port, dumpcap);
  }

  /**
   * The named fields of every packet that `filter` shows, as soon as there are `count`: what was captured reaches the
   * file a moment later. Ends the capture.
   */
  async decoded(filter: string, fields: readonly string[], count: number): Promise<Decoded[]> {
    for (let tries = 0; tries < 100; tries++) {
      const packets = await this.#read(filter, fields);
      if (packets.length >= count) return packets;
    }
    throw new Error(`tshark showed less than ${count} packets with ${filter}`);
  }

  /** Whatever tshark finds wrong with what was captured, a line each. */
  async complaints(): Promise<string[]> {
    await end(this.#dumpcap);
    const wrong = '_ws.malformed || _ws.expert.severity >= 0x600000';
    const found = await this.#read(wrong, ['frame.number', '_ws.expert.message', '_ws.col.Info']);
    return found.map((each) => Object.values(each).join(' '));
  }

  async #read(filter: string, fields: readonly string[]): Promise<Decoded[]> {
    const shown = fields.flatMap((field) => ['-e', field]);
    const { stdout } = await run('tshark', [
      ...['-r', this.#file, '-d', `tcp.port==${this.#port},smpp`, '-Y', filter],
      ...['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=,', ...shown],
    ]).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }));
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const values = line.split('\t');
      return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
    });
  }
}

/** It names its file once it captures. */
async function captures(dumpcap: ChildProcess): Promise<void> {
  if (dumpcap.stderr === null) throw new Error('dumpcap has no stderr');
  const told: string[] = [];
  const lines = createInterface({ input: dumpcap.stderr });
  const failed = once(dumpcap, 'exit').then(() => {
    throw new Error(`dumpcap ended: ${told.join(' ')}`);
  });
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      told.push(line);
      if (line.startsWith('File:')) resolve();
    });
  });
  failed.catch(() => {});
  await Promise.race([started, failed]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  await exit;
}
