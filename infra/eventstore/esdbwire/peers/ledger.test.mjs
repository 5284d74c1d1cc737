// The ledger's own streams are read by anyone and written by the ledger alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { at, connect, events, fresh, ids, ledger, lib, read, secured, within } from "./peer.mjs";

let client;
before(() => (client = connect()));
after(() => client.dispose());

const denied = { type: "access-denied" };

test("append without the ledger's credential", within, async () => {
  for (const stream of [fresh("memorandum"), "entente_views", "$settings"]) {
    await assert.rejects(client.appendToStream(stream, events(1, "memorandum.drafted")), denied, stream);
    await assert.rejects(read(client.readStream(stream)), { type: "stream-not-found" });
  }
});

test("remove or truncate", within, async () => {
  const stream = fresh("memorandum");
  await assert.rejects(client.deleteStream(stream), denied);
  await assert.rejects(client.tombstoneStream(stream), denied);
  await assert.rejects(client.setStreamMetadata(stream, { maxCount: 1 }), denied);
});

test("append with the ledger's credential", within, async () => {
  const stream = fresh("memorandum");
  const all = events(2, "memorandum.drafted");
  const append = client.appendToStream(stream, all, { ...at(lib.NO_STREAM), credentials: ledger });
  if (!secured) return assert.rejects(append, denied, "credentials are sent over TLS only");
  await append;
  const got = await read(client.readStream(stream));
  assert.deepEqual(ids(got), ids(all));
  assert.equal(got[0].type, "memorandum.drafted");
  await assert.rejects(client.deleteStream(stream, { credentials: ledger }), denied);
});

test("append with a wrong password", within, async () => {
  const credentials = { ...ledger, password: "guessed" };
  await assert.rejects(client.appendToStream(fresh("memorandum"), events(1), { credentials }), denied);
});
