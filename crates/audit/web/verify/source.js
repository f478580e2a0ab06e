// Where a log's files come from in a page: requests to its own server, read with
// a cap and without trusting what the answer says of its length.

import { Finding, wrong } from './finding.js';
import { concat } from './bytes.js';

/**
 * Gives `fetchTile(path, limit)` over HTTP for the log under `base` (a URL that
 * ends in `/`). `null` for 404 and 410.
 */
export function httpSource(base, { signal } = {}) {
  return async (path, limit) => {
    const options = { signal, cache: 'no-store', credentials: 'same-origin', redirect: 'error' };
    const fail = (why) => (signal?.aborted
      ? new Finding('operator', 'ended')
      : new Finding('device', 'not-fetched', { file: path, why }));
    let response;
    try {
      response = await fetch(new URL(path, base), options);
    } catch (cause) {
      throw fail(String(cause?.message ?? cause));
    }
    if (response.status === 404 || response.status === 410) return null;
    if (response.status !== 200) throw fail(`the server answered ${response.status}`);
    return readCapped(response.body, path, limit, fail);
  };
}

async function readCapped(body, file, limit, fail) {
  const parts = [];
  let length = 0;
  const reader = body?.getReader();
  if (!reader) return new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw fail(String(cause?.message ?? cause));
    });
    if (done) return parts.length === 1 ? parts[0] : concat(...parts);
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw wrong('too-long', { file, limit });
    }
    parts.push(value);
  }
}
