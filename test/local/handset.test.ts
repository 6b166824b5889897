import { abandonedPort } from '../support/abandoned-port.ts';
import { expectRefusal, runScript } from '../support/run-script.ts';
import { startSimulatorHttp } from './simulator/http/http-rig.ts';

const from = '+447700900123';

describe('npm run handset', () => {
  test('sends to whoever is bound, and shows what they answered', async () => {
    const { url, bound } = await startSimulatorHttp();
    const esme = await bound();
    const outcome = runScript('local/handset.ts', '--url', url, '--from', from, '--to', '12345', 'Hi');
    const deliverSm = await esme.next('deliver_sm');
    expect(deliverSm).toMatchObject({ source_addr: '447700900123', destination_addr: '12345' });
    esme.answer(deliverSm);
    expect(await outcome).toEqual({ code: 0, stdout: `← ${from}  accepted   SMSC got ESME_ROK\n`, stderr: '' });
  });

  test('ends with 1 when the message was refused', async () => {
    const { url, bound } = await startSimulatorHttp();
    const esme = await bound();
    const outcome = runScript('local/handset.ts', '--url', url, '--from', from, '--to', '12345', 'Hi');
    esme.answer(await esme.next('deliver_sm'), { command_status: 0x65 });
    expect(await outcome).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('refused   SMSC got ESME_RX_P_APPN'),
    });
  });

  test('tells what the simulator says is wrong', async () => {
    const { url } = await startSimulatorHttp();
    const outcome = await runScript('local/handset.ts', '--url', url, '--from', 'é', '--to', '12345', 'Hi');
    expectRefusal(outcome, /from: must be ASCII without NUL/);
  });

  test('says so when no simulator runs there', async () => {
    const port = String(await abandonedPort());
    const outcome = await runScript('local/handset.ts', '--port', port, '--from', from, '--to', '1', 'Hi');
    expectRefusal(outcome, /no local gateway with a simulator/);
  });

  test('shows how it is used when something is missing', async () => {
    expectRefusal(await runScript('local/handset.ts', '--from', from), /npm run handset -- --from/);
  });

  test.each([
    [['--from', from, '--to', '1', 'two', 'words'], /the text must be one argument: put it in quotes/],
    [['--port', 'x', '--from', from, '--to', '1', 'Hi'], /--port must be a whole number from 0 to 65535, got "x"/],
    [['--url', '127.0.0.1', '--from', from, '--to', '1', 'Hi'], /--url must be a URL such as .*, got "127.0.0.1"/],
    [['--form', from], /Unknown option '--form'/],
  ])('refuses %j', async (args, message) => {
    expectRefusal(await runScript('local/handset.ts', ...args), message);
  });
});
