// Appending to streams, reading and removing them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { at, connect, events, fresh, ids, lib, read, within } from "./peer.mjs";

let client;
before(() => (client = connect()));
after(() => client.dispose());

test("append", within, async () => {
  const stream = fresh();
  const first = await client.appendToStream(stream, events(3), at(lib.NO_STREAM));
  assert.equal(first.success, true);
  assert.equal(first.nextExpectedRevision, 2n);
  const second = await client.appendToStream(stream, events(1), at(2n));
  assert.equal(second.nextExpectedRevision, 3n);
  assert.ok(second.position.commit > first.position.commit);
  const third = await client.appendToStream(stream, events(1), at(lib.STREAM_EXISTS));
  assert.equal(third.nextExpectedRevision, 4n);
});

test("append elsewhere than expected", within, async () => {
  const stream = fresh();
  await client.appendToStream(stream, events(2), at(lib.NO_STREAM));
  for (const [expected, actual] of [[lib.NO_STREAM, 1n], [0n, 1n], [7n, 1n]]) {
    await assert.rejects(client.appendToStream(stream, events(1), at(expected)), (error) => {
      assert.equal(error.type, "wrong-expected-version");
      assert.equal(error.streamName, stream);
      assert.equal(error.actualVersion ?? error.actualState, actual);
      assert.equal(error.expectedVersion ?? error.expectedState, expected);
      return true;
    });
  }
  await assert.rejects(
    client.appendToStream(fresh(), events(1), at(lib.STREAM_EXISTS)),
    { type: "wrong-expected-version" },
  );
  assert.equal((await read(client.readStream(stream))).length, 2);
});

test("append again", within, async () => {
  const stream = fresh();
  const all = events(3);
  const first = await client.appendToStream(stream, all, at(lib.NO_STREAM));
  const again = await client.appendToStream(stream, all, at(lib.NO_STREAM));
  assert.equal(again.nextExpectedRevision, first.nextExpectedRevision);
  await client.appendToStream(stream, all, at(lib.ANY));
  assert.deepEqual(ids(await read(client.readStream(stream))), ids(all));
});

test("read a stream", within, async () => {
  const stream = fresh();
  const all = events(5);
  const binary = lib.binaryEvent({ type: "scan", data: Buffer.from([0, 255, 7]) });
  await client.appendToStream(stream, [...all, binary]);
  const got = await read(client.readStream(stream));
  assert.deepEqual(ids(got), ids([...all, binary]));
  assert.deepEqual(got[1].data, { n: 1 });
  assert.deepEqual(got[1].metadata, { by: "peer" });
  assert.equal(got[1].revision, 1n);
  assert.equal(got[1].isJson, true);
  assert.equal(got[5].isJson, false);
  assert.deepEqual([...got[5].data], [0, 255, 7]);
  assert.ok(Math.abs(got[0].created.valueOf() - Date.now()) < 60_000, `${got[0].created}`);

  const from = await read(client.readStream(stream, { fromRevision: 2n, maxCount: 2 }));
  assert.deepEqual(ids(from), ids(all.slice(2, 4)));
  const back = await read(
    client.readStream(stream, { direction: lib.BACKWARDS, fromRevision: lib.END, maxCount: 3 }),
  );
  assert.deepEqual(ids(back), ids([binary, all[4], all[3]]));
});

test("read a stream that does not exist", within, async () => {
  const stream = fresh();
  await assert.rejects(read(client.readStream(stream)), { type: "stream-not-found", streamName: stream });
});

test("read $all", within, async () => {
  const all = events(4);
  const streams = [fresh(), fresh()];
  const begin = await client.appendToStream(streams[0], all[0]);
  for (let i = 1; i < all.length; i++) await client.appendToStream(streams[i % 2], all[i]);
  const ours = (got) => got.filter((e) => streams.includes(e.streamId));
  const forwards = ours(await read(client.readAll({ fromPosition: begin.position })));
  assert.deepEqual(ids(forwards), ids(all), "a position is the first that is read");
  for (let i = 1; i < forwards.length; i++) {
    assert.ok(forwards[i].position.commit > forwards[i - 1].position.commit);
  }
  const end = { direction: lib.BACKWARDS, fromPosition: lib.END };
  const back = ours(await read(client.readAll(end)));
  assert.deepEqual(ids(back), ids([...all].reverse()));
  assert.equal((await read(client.readAll({ ...end, maxCount: 2 }))).length, 2);
});

test("delete a stream", within, async () => {
  const stream = fresh();
  await client.appendToStream(stream, events(2));
  await assert.rejects(client.deleteStream(stream, { expectedRevision: 7n }), {
    type: "wrong-expected-version",
  });
  await client.deleteStream(stream, { expectedRevision: 1n });
  await assert.rejects(read(client.readStream(stream)), { type: "stream-not-found" });
  const more = events(1);
  const again = await client.appendToStream(stream, more, at(lib.NO_STREAM));
  assert.equal(again.nextExpectedRevision, 2n, "revisions go on");
  assert.deepEqual(ids(await read(client.readStream(stream))), ids(more));
});

test("end a stream for good", within, async () => {
  const stream = fresh();
  await client.appendToStream(stream, events(2));
  await client.tombstoneStream(stream, { expectedRevision: lib.ANY });
  const deleted = { type: "stream-deleted", streamName: stream };
  await assert.rejects(read(client.readStream(stream)), deleted);
  await assert.rejects(client.appendToStream(stream, events(1)), deleted);
});

test("metadata of a stream", within, async () => {
  const stream = fresh();
  const all = events(5);
  await client.appendToStream(stream, all);
  await client.setStreamMetadata(stream, { maxCount: 2, owner: "us" });
  const { metadata } = await client.getStreamMetadata(stream);
  assert.equal(metadata.maxCount, 2);
  assert.equal(metadata.owner, "us");
  assert.deepEqual(ids(await read(client.readStream(stream))), ids(all.slice(3)));
});

test("an append that is too large", within, async () => {
  const large = lib.binaryEvent({ type: "scan", data: Buffer.alloc(2 << 20) });
  await assert.rejects(client.appendToStream(fresh(), large), {
    type: "maximum-append-size-exceeded",
    maxAppendSize: 1 << 20,
  });
});
