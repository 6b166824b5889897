import { fieldOf, nextReceipt, partFields, receiptDelayMs, reported } from '../reports.ts';
import { type Rig, scenarioTest, submitSm } from '../rig.ts';

/** The id of one message after the other, as its response, its receipt's TLV and its receipt's text have it. */
async function idsOf(rig: Rig, messages = 8): Promise<{ inResponse: string; inReceipt: string }[]> {
  const esme = await rig.bound();
  const ids: { inResponse: string; inReceipt: string }[] = [];
  for (let n = 0; n < messages; n++) {
    const { response, receipt } = await reported(rig, esme);
    expect(fieldOf(receipt, 'id')).toBe(receipt.receipted_message_id);
    ids.push({ inResponse: String(response.message_id), inReceipt: String(receipt.receipted_message_id) });
  }
  expect(new Set(ids.map(({ inResponse }) => inResponse)).size).toBe(messages);
  return ids;
}

scenarioTest('quirk-1', 'ids are hexadecimal in the response and decimal in the receipt', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^[0-9A-F]{1,8}$/);
    expect(inReceipt).toBe(String(Number.parseInt(inResponse, 16)));
  }
});

scenarioTest('quirk-2', 'ids are decimal in the response and hexadecimal in the receipt', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^\d{1,10}$/);
    expect(inReceipt).toBe(Number(inResponse).toString(16).toUpperCase());
  }
});

scenarioTest('quirk-3', 'the response has leading zeros that the receipt has not', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^00[0-9A-F]{8}$/);
    expect(inReceipt).toBe(inResponse.replace(/^0+/, ''));
  }
});

scenarioTest('quirk-3-added', 'the receipt has leading zeros that the response has not', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^[1-9]\d*$/);
    expect(inReceipt).toMatch(/^00\d{10}$/);
    expect(inReceipt.replace(/^0+/, '')).toBe(inResponse);
  }
});

scenarioTest('quirk-4', 'ids are in lower case in the response and in upper case in the receipt', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{4}$/);
    expect(inReceipt).toBe(inResponse.toUpperCase());
    expect(inReceipt).not.toBe(inResponse);
  }
});

scenarioTest('quirk-5', 'ids are UUIDs', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(inResponse).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(inReceipt).toBe(inResponse);
  }
});

scenarioTest('quirk-5-64-bit', 'ids are beyond 2^63, hexadecimal and then decimal', async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(BigInt(inReceipt)).toBeGreaterThanOrEqual(2n ** 63n);
    expect(BigInt(`0x${inResponse}`)).toBe(BigInt(inReceipt));
  }
});

scenarioTest('quirk-6', "the receipt has the id's characters in hexadecimal", async (rig) => {
  for (const { inResponse, inReceipt } of await idsOf(rig)) {
    expect(Buffer.from(inReceipt, 'hex').toString()).toBe(inResponse);
    expect(inReceipt).toHaveLength(2 * inResponse.length);
  }
});

scenarioTest('quirk-24', 'all parts of a message have one id, and the next message another', async (rig) => {
  const esme = await rig.bound();
  const ids: unknown[] = [];
  for (const part of [1, 2, 3, 1, 2, 3]) {
    const response = await esme.ask('submit_sm', { ...submitSm, ...partFields(part, 3), registered_delivery: 1 });
    ids.push(response.message_id);
  }
  expect(ids).toEqual([ids[0], ids[0], ids[0], ids[3], ids[3], ids[3]]);
  expect(ids[3]).not.toBe(ids[0]);
  await rig.clock.advance(receiptDelayMs);
  const receipts = [];
  for (let n = 0; n < 6; n++) receipts.push(await nextReceipt(esme));
  expect(receipts.map((receipt) => receipt.receipted_message_id)).toEqual(ids);
});

scenarioTest('quirk-24-some', 'ids from 0x80000000 up are decimal in the receipt, lower ones are not', async (rig) => {
  const ids = await idsOf(rig, 24);
  const isHigh = ({ inResponse }: { readonly inResponse: string }) => Number.parseInt(inResponse, 16) >= 0x8000_0000;
  const [high, low] = [ids.filter(isHigh), ids.filter((id) => !isHigh(id))];
  expect(Math.min(high.length, low.length)).toBeGreaterThan(2);
  for (const { inResponse, inReceipt } of high) expect(inReceipt).toBe(String(Number.parseInt(inResponse, 16)));
  for (const { inResponse, inReceipt } of low) expect(inReceipt).toBe(inResponse);
});
