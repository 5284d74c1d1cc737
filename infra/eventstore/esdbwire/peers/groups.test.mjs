// Persistent subscriptions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, events, follow, fresh, ids, lib, until, within } from "./peer.mjs";

let client;
before(() => (client = connect()));
after(() => client.dispose());

const settings = (changes) =>
  lib.persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: lib.START, ...changes });
const settingsOfAll = (changes) =>
  lib.persistentSubscriptionToAllSettingsFromDefaults({ startFrom: lib.START, ...changes });

test("ack, park, retry, skip, and replay what was parked", within, async (t) => {
  const [stream, group] = [fresh(), "billing"];
  const all = events(4);
  await client.appendToStream(stream, all);
  await client.createPersistentSubscriptionToStream(stream, group, settings());
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group);
  const got = follow(subscription);
  const [first, second, third, fourth] = await got.next(4);
  assert.deepEqual(ids([first, second, third, fourth].map((r) => r.event)), ids(all));
  assert.equal(first.retryCount, 0);
  await subscription.ack(first);
  await subscription.nack(lib.PARK, "unreadable", second);
  await subscription.nack(lib.SKIP, "of no interest", fourth);
  await subscription.nack(lib.RETRY, "busy", third);

  const [again] = await got.next(1);
  assert.equal(again.event.id, third.event.id);
  assert.equal(again.retryCount, 1);
  await subscription.ack(again);

  await until(t.signal, async () => {
    const info = await client.getPersistentSubscriptionToStreamInfo(stream, group);
    return info.stats.parkedMessageCount === 1n || info.stats.parkedMessageCount === 1;
  });
  await client.replayParkedMessagesToStream(stream, group);
  const [replayed] = await got.next(1);
  assert.equal(replayed.event.id, second.event.id);
  await subscription.ack(replayed);

  const more = events(1);
  await client.appendToStream(stream, more);
  const [live] = await got.next(1);
  assert.equal(live.event.id, more[0].id);
  await subscription.ack(live);
  await subscription.unsubscribe();
});

test("exists, is changed, is listed, is gone", within, async () => {
  const [stream, group] = [fresh(), "billing"];
  const gone = { type: "persistent-subscription-does-not-exist" };
  await assert.rejects(client.updatePersistentSubscriptionToStream(stream, group, settings()), gone);
  await client.createPersistentSubscriptionToStream(stream, group, settings());
  await assert.rejects(client.createPersistentSubscriptionToStream(stream, group, settings()), {
    type: "persistent-subscription-exists",
    streamName: stream,
    groupName: group,
  });
  await client.updatePersistentSubscriptionToStream(stream, group, settings({ maxRetryCount: 3 }));
  const info = await client.getPersistentSubscriptionToStreamInfo(stream, group);
  assert.equal(info.eventSource, stream);
  assert.equal(info.groupName, group);
  assert.equal(info.settings.maxRetryCount, 3);
  assert.equal(info.settings.startFrom, lib.START);
  const listed = await client.listPersistentSubscriptionsToStream(stream);
  assert.deepEqual(listed.map((one) => one.groupName), [group]);
  assert.ok((await client.listAllPersistentSubscriptions()).some((one) => one.eventSource === stream));
  await client.deletePersistentSubscriptionToStream(stream, group);
  await assert.rejects(client.deletePersistentSubscriptionToStream(stream, group), gone);
  await assert.rejects(follow(client.subscribeToPersistentSubscriptionToStream(stream, group)).next(1), gone);
});

test("more consumers than are allowed, and a group that goes", within, async () => {
  const [stream, group] = [fresh(), "billing"];
  const all = events(1);
  await client.appendToStream(stream, all);
  await client.createPersistentSubscriptionToStream(stream, group, settings({ maxSubscriberCount: 1 }));
  const got = follow(client.subscribeToPersistentSubscriptionToStream(stream, group));
  await got.next(1);
  await assert.rejects(follow(client.subscribeToPersistentSubscriptionToStream(stream, group)).next(1), {
    type: "maximum-subscribers-reached",
  });
  const dropped = assert.rejects(got.next(1), { type: "persistent-subscription-dropped", groupName: group });
  await client.deletePersistentSubscriptionToStream(stream, group);
  await dropped;
});

test("what one consumer leaves goes to the next", within, async () => {
  const [stream, group] = [fresh(), "billing"];
  const all = events(2);
  await client.appendToStream(stream, all);
  await client.createPersistentSubscriptionToStream(stream, group, settings());
  const one = client.subscribeToPersistentSubscriptionToStream(stream, group);
  await follow(one).next(2);
  await one.unsubscribe();
  const two = client.subscribeToPersistentSubscriptionToStream(stream, group);
  const got = await follow(two).next(2);
  assert.deepEqual(ids(got.map((r) => r.event)), ids(all));
  await two.ack(...got);
  await two.unsubscribe();
});

test("$all by the names of streams", within, async () => {
  const prefix = fresh("wanted");
  const group = fresh("group");
  const all = events(2);
  await client.appendToStream(`${prefix}-a`, all[0]);
  await client.appendToStream(fresh(), events(3));
  await client.createPersistentSubscriptionToAll(group, settingsOfAll(), {
    filter: lib.streamNameFilter({ prefixes: [prefix] }),
  });
  const subscription = client.subscribeToPersistentSubscriptionToAll(group);
  const got = follow(subscription);
  const [old] = await got.next(1);
  await client.appendToStream(`${prefix}-b`, all[1]);
  const [live] = await got.next(1);
  assert.deepEqual(ids([old.event, live.event]), ids(all));
  await subscription.ack(old, live);
  await subscription.unsubscribe();
  await client.deletePersistentSubscriptionToAll(group);
});
