// What the scenarios share. The environment says which client is the peer and
// where the server is; both clients are asked the same by the same names.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { ENTENTE_PEER: peer, ENTENTE_URL: url } = process.env;

/** The module of the client: its constants, and what makes events and filters. */
export const lib = require(
  peer === "kurrent" ? "@kurrent/kurrentdb-client" : "@eventstore/db-client",
);

/** Whether the connection is secured: without, the clients send no credentials. */
export const secured = !url.includes("tls=false");

/** The ledger's own credential. */
export const ledger = {
  username: process.env.ENTENTE_LEDGER_NAME,
  password: process.env.ENTENTE_LEDGER_PASSWORD,
};

/** No scenario takes longer, in milliseconds. */
export const within = { timeout: 30_000 };

const Client = lib.KurrentDBClient ?? lib.EventStoreDBClient;

export const connect = () => Client.connectionString(url);

/** A client that finds the server by asking for the members of its cluster. */
export const discover = () =>
  Client.connectionString(url.replace(/([^/@]+)\?/, "$1,$1?nodePreference=leader&"));

/** A stream's name that nobody has used. */
export const fresh = (prefix = "order") => `${prefix}-${randomUUID()}`;

export const events = (n, type = "order-placed") =>
  Array.from({ length: n }, (_, i) =>
    lib.jsonEvent({ type, data: { n: i }, metadata: { by: "peer" } }),
  );

/** The clients name the option of an append differently. */
export const at = (state) => ({ expectedRevision: state, streamState: state });

export async function read(stream) {
  const all = [];
  for await (const resolved of stream) all.push(resolved.event);
  return all;
}

/** The ids of events, in their order. */
export const ids = (all) => all.map((e) => e.id);

/**
 * Gathers what a subscription delivers. next(n) resolves to the n deliveries
 * that follow those already asked for, and rejects if the subscription fails.
 */
export function follow(subscription) {
  const got = [];
  let waiting, failure;
  const settle = () => {
    if (!waiting) return;
    const { n, resolve, reject } = waiting;
    if (failure) reject(failure);
    else if (got.length >= n) resolve(got.splice(0, n));
    else return;
    waiting = undefined;
  };
  subscription.on("data", (resolved) => (got.push(resolved), settle()));
  subscription.on("error", (error) => ((failure = error), settle()));
  return {
    next: (n) =>
      new Promise((resolve, reject) => {
        waiting = { n, resolve, reject };
        settle();
      }),
  };
}

/** Resolves when a subscription emits something. */
export const once = (subscription, name) =>
  new Promise((resolve, reject) => {
    subscription.once(name, resolve);
    subscription.once("error", reject);
  });

/** Asks again until the answer is true, or the scenario has run out of time. */
export async function until(signal, ask) {
  while (!(await ask())) {
    signal.throwIfAborted();
    await new Promise((again) => setTimeout(again, 20));
  }
}
