// Keys of notes (C2SP signed-note).

import { concat, fromBase64, hexId, toBase64, utf8 } from './bytes.js';
import { importKey, sha256, verifySignature } from './crypto.js';
import { Finding } from './finding.js';

/** What a key signs (C2SP signed-note, "Signature types"). */
export const NOTE = 0x01;
export const COSIGNATURE = 0x04;

/** Whether any key can have this name. */
export const isName = (name) => /^[^\p{White_Space}\p{Cc}+]+$/u.test(name);

/** A log's or witness's name; `rowcall/` begins what else a log's key signs. */
export function checkName(name) {
  if (!isName(name) || utf8(name).length > 128 || name.startsWith('rowcall/')) {
    throw new Finding('operator', 'key-name', { name });
  }
  return name;
}

/** A public key that notes or cosignatures are verified with. */
export class VerifierKey {
  #imported;

  constructor(name, purpose, bytes, imported, id) {
    this.name = name;
    this.purpose = purpose;
    this.bytes = bytes;
    this.#imported = imported;
    /** The key ID in hex: SHA-256(name || 0x0A || type || key)[:4]. */
    this.id = id;
    Object.freeze(this);
  }

  /** From the 32 bytes of a key. */
  static async of(name, purpose, bytes) {
    const imported = await importKey(bytes);
    if (imported === null) throw new Finding('operator', 'key-point', { name });
    const hash = await sha256(concat(utf8(name), Uint8Array.of(0x0a, purpose), bytes));
    return new VerifierKey(name, purpose, bytes, imported, hexId(hash));
  }

  /** Reads `<name>+<key ID>+<base64 of the type and the key>`. */
  static async parse(text) {
    const refuse = (why) => new Finding('operator', 'key-form', { text: text.slice(0, 300), why });
    const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
    if (encoded === undefined) throw refuse("not three parts with '+' between");
    const material = fromBase64(encoded);
    if (material === null) throw refuse('not base64');
    const purpose = material[0];
    if (material.length !== 33 || ![NOTE, COSIGNATURE].includes(purpose)) throw refuse('not Ed25519');
    const key = await VerifierKey.of(checkName(name), purpose, material.slice(1));
    if (key.id !== id) throw refuse('its key ID is not that of its key');
    return key;
  }

  is(other) {
    return this.toString() === other.toString();
  }

  /** Whether the signature over the message is this key's. */
  verifies(message, signature) {
    return verifySignature(this.#imported, message, signature);
  }

  /** The name and ID as a signature line bears them. */
  get line() {
    return `${this.name}+${this.id}`;
  }

  toString() {
    return `${this.line}+${toBase64(concat(Uint8Array.of(this.purpose), this.bytes))}`;
  }
}
