// What the log can say: a closed list, each entry one line of ASCII in exactly
// one spelling (docs/audit.md, "Entries"). `parseEntry` accepts nothing else.

import { fromBase64 } from './bytes.js';
import { wrong } from './finding.js';

export const MAX_ENTRY_BYTES = 1024;

// A value's reader gives the value, or undefined for anything but its one form.
const codes = (...list) => (text) => (list.includes(text) ? text : undefined);

const number = (least, most) => (text) => {
  if (!/^(?:0|[1-9][0-9]{0,7})$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
};

const hex = (length) => (text) => (text.length === 2 * length && /^[0-9a-f]*$/.test(text) ? text : undefined);

const base64 = (length) => (text) => {
  if (text.length !== 4 * Math.ceil(length / 3)) return undefined;
  const bytes = fromBase64(text);
  return bytes?.length === length ? bytes : undefined;
};

const U64_MAX = 2n ** 64n - 1n;

/** The number of an entry: what no double holds stays a BigInt, which no map has. */
function entryNumber(text) {
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(text)) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  const whole = BigInt(text);
  return whole <= U64_MAX ? whole : undefined;
}

const count = number(0, 65_535);
const minutes = number(1, 527_040);
const row = number(1, 32);
const digest = hex(32);
const pseudonym = hex(8);
const publicKey = base64(32);
const signature = base64(64);
const side = codes('left', 'centre', 'right');

/** Minutes since 1970 of `2026-11-24T03:25Z`, up to the year 9999. */
export function minuteOf(text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)Z$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number);
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute);
  // A day that the month does not have would be one of the next.
  return day >= 1 && new Date(time).getUTCDate() === day ? time / 60_000 : undefined;
}

/** The spelling of a minute. */
export const minuteText = (minute) => `${new Date(minute * 60_000).toISOString().slice(0, 16)}Z`;

function subject(text) {
  if (text === 'vehicle') return text;
  const [, number_, at] = /^seat-([0-9]+)-([a-z]+)$/.exec(text) ?? [];
  if (at !== undefined) return row(number_) !== undefined && side(at) ? text : undefined;
  return text.startsWith('document-') && count(text.slice(9)) !== undefined ? text : undefined;
}

const second = (text) => (text === 'none' ? text : pseudonym(text));

const holdReason = codes(
  'suspected-impostor', 'suspected-forgery', 'occupant-request', 'legal-order', 'incident',
);

/** Whether a hold for the reason keeps to the limit of orders. */
export const isOrder = (reason) => reason === 'legal-order' || reason === 'incident';

/** Every kind of entry: its fields in order, each with its reader. */
export const KINDS = Object.freeze({
  __proto__: null,
  created: { key: publicKey },
  started: {},
  configured: {
    digest,
    transaction_limit: minutes,
    hold_limit: minutes,
    order_limit: minutes,
    holds_per_day: count,
    approval: codes('one-officer', 'two-officers'),
  },
  'clock-stepped': { was: minuteOf },
  opened: { commitment: digest, limit: minutes },
  arrived: { transaction: entryNumber },
  document: {
    transaction: entryNumber,
    kind: codes('passport', 'identity-card', 'visa', 'seal', 'digital-credential', 'other'),
    verdict: codes('trusted', 'not-trusted', 'invalid', 'unreadable', 'no-portrait', 'opted-out'),
    leniencies: count,
  },
  seat: {
    transaction: entryNumber,
    row,
    side,
    outcome: codes(
      'confirmed', 'not-captured', 'poor-quality', 'no-matching-document', 'ambiguous',
      'document-not-trusted', 'portrait-unusable', 'opted-out', 'manual-by-policy',
    ),
    stage: codes('seen', 'quality', 'match', 'document', 'policy'),
  },
  adjudicated: {
    transaction: entryNumber,
    subject,
    officer: pseudonym,
    reason: codes(
      'confirmed-by-eye', 'confirmed-by-second-document', 'confirmed-by-recapture',
      'checked-by-hand', 'miscount-corrected', 'sent-to-secondary',
    ),
  },
  'hold-made': {
    transaction: entryNumber,
    officer: pseudonym,
    second,
    reason: holdReason,
    length: minutes,
    ciphertext: digest,
  },
  'hold-viewed': { hold: entryNumber, officer: pseudonym },
  'hold-released': { hold: entryNumber, officer: pseudonym },
  'hold-expired': {
    hold: entryNumber,
    cause: codes('time', 'clock-uncertain', 'not-stored', 'key-missing'),
  },
  destroyed: {
    transaction: entryNumber,
    opened: minuteOf,
    cause: codes('closed', 'time-limit', 'abandoned', 'panic', 'shutdown', 'process-ended'),
    documents: count,
    images: count,
    templates: count,
    holds: count,
    commitment: digest,
    signature,
  },
  'key-rotated': { key: publicKey, by_old: signature, by_new: signature },
  'set-up-began': { officer: pseudonym, limit: minutes },
  'set-up-ended': { set_up: entryNumber, cause: codes('closed', 'time-limit', 'vehicle', 'shutdown') },
  'lane-file-written': { set_up: entryNumber, digest },
  stopped: { cause: codes('operator', 'failure') },
});

/**
 * Reads one entry: `{line, minute, kind, fields}`, minutes as numbers since
 * 1970. @param {Uint8Array} bytes
 */
export function parseEntry(bytes) {
  if (bytes.length > MAX_ENTRY_BYTES || bytes.some((byte) => byte > 127)) throw wrong('entry-form');
  const line = String.fromCharCode(...bytes);
  const words = line.split(' ');
  if (words[0] !== 'v1') throw wrong('entry-version');
  const minute = minuteOf(words[1] ?? '');
  if (minute === undefined) throw wrong('entry-minute');
  const kind = words[2];
  const known = KINDS[kind];
  if (known === undefined) throw wrong('entry-kind');
  const fields = {};
  let at = 3;
  for (const field in known) {
    const word = words[at];
    const value = word?.startsWith(`${field}=`) ? known[field](word.slice(field.length + 1)) : undefined;
    if (value === undefined) throw wrong('entry-field', { field });
    fields[field] = value;
    at += 1;
  }
  if (words.length > at) throw wrong('entry-more');
  return { line, minute, kind, fields };
}
