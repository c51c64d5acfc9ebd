// The tablet's own storage. "kept": what the tablet knows of itself; "draft": the occasion that
// is going on; "outbox": sealed envelopes until they have arrived; "receipts": what went where.

const NAME = "surveyapp";

// A tablet may come from any earlier step with a full outbox, so a step only ever adds.
// While a draft lives its page may be one of an earlier version, which cannot open a later step:
// a page that raises the step must be served only when no draft lives.
const STEPS = [
  (database) => {
    database.createObjectStore("kept");
    database.createObjectStore("draft");
    database.createObjectStore("outbox", { keyPath: "id" });
  },
  (database) => database.createObjectStore("receipts", { keyPath: "receipt" }),
];

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, STEPS.length);
    request.onupgradeneeded = (event) => {
      for (const step of STEPS.slice(event.oldVersion)) step(request.result);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = forget; // the browser has taken it away: next time a new one
      database.onversionchange = () => {
        database.close();
        forget();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page holds an earlier storage"));
  });
  opening.catch(forget);
  return opening;
}

function forget() {
  opening = null;
}

// Calls act with the named stores. Resolves with the result of the request that act returns,
// when everything is on disk and not before; rejects if nothing was changed.
export async function within(names, mode, act) {
  try {
    return await transact(names, mode, act);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    forget(); // closed under the page: once more, on a connection of its own
    return transact(names, mode, act);
  }
}

async function transact(names, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    let request;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("nothing was saved"));
    try {
      request = act(...names.map((name) => transaction.objectStore(name)));
    } catch (error) {
      transaction.onabort = () => reject(error);
      transaction.abort();
    }
  });
}

export const kept = (name) => within(["kept"], "readonly", (store) => store.get(name));
export const keep = (name, value) =>
  within(["kept"], "readwrite", (store) => store.put(value, name));

// Whether there is room for so many bytes: they are written and taken away again in one.
export const hasRoom = (n) =>
  within(["kept"], "readwrite", (store) => {
    store.put(new Uint8Array(n), "room");
    store.delete("room");
  }).then(() => true, () => false);
