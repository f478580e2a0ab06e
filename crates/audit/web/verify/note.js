// Signed notes (C2SP signed-note), checkpoints (tlog-checkpoint) and witnesses'
// cosignatures on them (tlog-cosignature).

import { concat, fromBase64, fromDecimal, fromUtf8, hexId, toBase64, utf8 } from './bytes.js';
import { Finding, wrong } from './finding.js';
import { COSIGNATURE, checkName, isName } from './key.js';

/** The most bytes and signatures of a note that are read. */
export const MAX_NOTE_BYTES = 512 * 1024;
const MAX_SIGNATURES = 64;

/** The most entries that are read of one log: 2⁴⁰. */
export const MAX_SIZE = 2 ** 40;

/** A text and the signatures on it. Nothing is verified by reading one. */
export class Note {
  constructor(text, signatures) {
    /** The signed text, with its final newline. */
    this.text = text;
    /** `{name, id, bytes}`, the ID in hex, in order. */
    this.signatures = signatures;
  }

  /** Reads a note; its `toString` form is the same again. @param {Uint8Array} bytes */
  static parse(bytes) {
    const refuse = (why) => wrong('note', { why });
    if (bytes.length > MAX_NOTE_BYTES) throw refuse('longer than 512 KiB');
    const whole = fromUtf8(bytes);
    if (whole === null) throw refuse('not UTF-8');
    const at = whole.lastIndexOf('\n\n');
    if (at < 0) throw refuse('no blank line');
    const text = whole.slice(0, at + 1);
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw refuse('its text has control characters');
    if (!whole.endsWith('\n') || at + 2 >= whole.length) {
      throw refuse('no signature, or no newline at its end');
    }
    const lines = whole.slice(at + 2, -1).split('\n', MAX_SIGNATURES + 1);
    if (lines.length > MAX_SIGNATURES) throw refuse('more than 64 signatures');
    const signatures = lines.map(parseLine);
    if (signatures.includes(null)) throw refuse('a signature line of another form');
    return new Note(text, signatures);
  }

  /** The signatures that bear the name and ID of a key. */
  by(key) {
    return this.signatures.filter(({ name, id }) => id === key.id && name === key.name);
  }

  /** Checks that a log's key signed the note. */
  async verify(key) {
    const own = this.by(key);
    const message = utf8(this.text);
    for (const { bytes } of own) {
      if (!(await key.verifies(message, bytes))) throw wrong('signature-false', { key: `${key}` });
    }
    if (own.length === 0) throw wrong('signature-none', { key: `${key}` });
  }

  /** Checks every signature that claims to be by one of a log's keys. */
  async rejectFalse(keys) {
    for (const key of keys) {
      if (this.by(key).length > 0) await this.verify(key);
    }
  }

  /**
   * When a witness cosigned the checkpoint (POSIX seconds; the latest where
   * several times); null if no line bears its name and ID.
   */
  async cosignedAt(witness) {
    if (witness.purpose !== COSIGNATURE) {
      throw new Finding('operator', 'witness-key', { key: `${witness}` });
    }
    let newest = null;
    for (const { bytes } of this.by(witness)) {
      const time = bytes.length === 72 ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) : null;
      const message = utf8(`cosignature/v1\ntime ${time}\n${this.text}`);
      const good = time !== null && time < 2n ** 63n
        && (await witness.verifies(message, bytes.subarray(8)));
      if (!good) throw wrong('cosignature-false', { key: `${witness}` });
      if (newest === null || time > newest) newest = time;
    }
    return newest;
  }

  /** Names and IDs of the signature lines. */
  get lines() {
    return new Set(this.signatures.map(({ name, id }) => `${name}+${id}`));
  }

  toString() {
    const lines = this.signatures.map(({ name, id, bytes }) => {
      const prefix = Uint8Array.from(id.match(/../g), (byte) => parseInt(byte, 16));
      return `\u2014 ${name} ${toBase64(concat(prefix, bytes))}\n`;
    });
    return `${this.text}\n${lines.join('')}`;
  }
}

function parseLine(line) {
  const [, name, encoded] = /^\u2014 ([^ ]*) (.*)$/su.exec(line) ?? [];
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (bytes === null || bytes.length < 5 || !isName(name)) return null;
  return { name, id: hexId(bytes), bytes: bytes.slice(4) };
}

/** Reads a checkpoint's three lines: `{origin, size, root}`, the root in base64. */
export function parseCheckpoint(text) {
  const refuse = (why) => wrong('checkpoint', { why });
  const lines = text.split('\n', 5);
  if (lines.length < 4) throw refuse('fewer than three lines');
  const [origin, decimal, root] = lines;
  try {
    checkName(origin);
  } catch {
    throw refuse("its origin is no log's name");
  }
  const size = fromDecimal(decimal, MAX_SIZE);
  if (size === null) throw refuse('its second line is no tree size');
  if (fromBase64(root)?.length !== 32) throw refuse('its third line is no hash');
  if (text !== `${origin}\n${size}\n${root}\n`) throw refuse('more lines, or not in its canonical form');
  return Object.freeze({ origin, size, root });
}
