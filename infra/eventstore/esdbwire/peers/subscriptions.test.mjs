// Subscriptions to streams and to $all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, events, follow, fresh, ids, lib, once, within } from "./peer.mjs";

let client;
before(() => (client = connect()));
after(() => client.dispose());

const idsOf = (resolved) => ids(resolved.map((r) => r.event));

test("a stream, what is there and what comes", within, async () => {
  const stream = fresh();
  const all = events(6);
  await client.appendToStream(stream, all.slice(0, 3));
  const subscription = client.subscribeToStream(stream);
  const caughtUp = once(subscription, "caughtUp");
  const got = follow(subscription);
  assert.deepEqual(idsOf(await got.next(3)), ids(all.slice(0, 3)));
  const info = await caughtUp;
  if (info) assert.equal(info.revision, 2n); // the older client tells nothing
  await client.appendToStream(fresh(), events(1));
  await client.appendToStream(stream, all.slice(3));
  assert.deepEqual(idsOf(await got.next(3)), ids(all.slice(3)));
  await subscription.unsubscribe();
});

test("a stream after a revision", within, async () => {
  const stream = fresh();
  const all = events(3);
  await client.appendToStream(stream, all);
  const subscription = client.subscribeToStream(stream, { fromRevision: 0n });
  assert.deepEqual(idsOf(await follow(subscription).next(2)), ids(all.slice(1)));
  await subscription.unsubscribe();
});

test("a stream that comes to be", within, async () => {
  const stream = fresh();
  const subscription = client.subscribeToStream(stream);
  const got = follow(subscription);
  await once(subscription, "caughtUp");
  const all = events(2);
  await client.appendToStream(stream, all);
  assert.deepEqual(idsOf(await got.next(2)), ids(all));
  await subscription.unsubscribe();
});

test("$all by the names of streams", within, async () => {
  const prefix = fresh("wanted");
  const all = events(4);
  const begin = await client.appendToStream(fresh(), events(1));
  for (let i = 0; i < 2; i++) {
    await client.appendToStream(`${prefix}-${i}`, all[i]);
    await client.appendToStream(fresh(), events(40));
  }
  const checkpoints = [];
  let reached;
  const another = new Promise((resolve) => (reached = resolve));
  const subscription = client.subscribeToAll({
    fromPosition: begin.position,
    filter: lib.streamNameFilter({
      prefixes: [prefix],
      checkpointInterval: 1,
      maxSearchWindow: 10,
      checkpointReached: (_, position) => (checkpoints.push(position), reached()),
    }),
  });
  const caughtUp = once(subscription, "caughtUp");
  const got = follow(subscription);
  const old = await got.next(2);
  assert.deepEqual(idsOf(old), ids(all.slice(0, 2)));
  const info = await caughtUp;
  if (info) assert.ok(info.position.commit >= old[1].event.position.commit);
  await another;
  await client.appendToStream(fresh(), events(1));
  for (let i = 2; i < 4; i++) await client.appendToStream(`${prefix}-${i}`, all[i]);
  assert.deepEqual(idsOf(await got.next(2)), ids(all.slice(2)));
  for (let i = 1; i < checkpoints.length; i++) {
    assert.ok(checkpoints[i].commit >= checkpoints[i - 1].commit, "checkpoints do not go back");
  }
  await subscription.unsubscribe();

  const resumed = client.subscribeToAll({
    fromPosition: old[0].event.position,
    filter: lib.streamNameFilter({ prefixes: [prefix] }),
  });
  assert.deepEqual(idsOf(await follow(resumed).next(3)), ids(all.slice(1)));
  await resumed.unsubscribe();
});

test("$all by the types of events", within, async () => {
  const type = fresh("paid");
  const all = [...events(1, type), ...events(1, `un${type}`), ...events(1, `${type}-late`)];
  const begin = await client.appendToStream(fresh(), events(1));
  await client.appendToStream(fresh(), all);
  for (const [filter, want] of [
    [{ prefixes: [type] }, [all[0], all[2]]],
    [{ regex: `^(un)?${type}$` }, [all[0], all[1]]],
  ]) {
    const subscription = client.subscribeToAll({
      fromPosition: begin.position,
      filter: lib.eventTypeFilter(filter),
    });
    assert.deepEqual(idsOf(await follow(subscription).next(2)), ids(want));
    await subscription.unsubscribe();
  }
});

test("a stream that has ended", within, async () => {
  const stream = fresh();
  await client.appendToStream(stream, events(1));
  await client.tombstoneStream(stream);
  await assert.rejects(follow(client.subscribeToStream(stream)).next(1), { type: "stream-deleted" });
});
