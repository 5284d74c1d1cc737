// Finding the server by the gossip of a cluster.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { discover, events, fresh, ids, read, within } from "./peer.mjs";

let client;
before(() => (client = discover()));
after(() => client.dispose());

test("append to and read from the leader", within, async () => {
  const stream = fresh();
  const all = events(2);
  await client.appendToStream(stream, all, { requiresLeader: true });
  assert.deepEqual(ids(await read(client.readStream(stream))), ids(all));
});
