import { statusEvent } from '#contract/cloud-events.ts';
import { messageStatuses } from '#contract/status.ts';

test.each(messageStatuses)('a status event of type sms.%s is known', (status) => {
  expect(statusEvent.shape.type.options).toContain(`sms.${status}`);
});
