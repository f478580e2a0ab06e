// The browser's own SHA-256 and Ed25519, used strictly.

import { Finding } from './finding.js';

const P = 2n ** 255n - 19n;
/** d of the curve: -121665/121666. */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** y of the points of order 8, up to the sign. */
const Y8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
const SMALL_ORDER = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

function subtle() {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new Finding('us', 'no-crypto');
  return found;
}

/** SHA-256 of bytes. @returns {Promise<Uint8Array>} */
export async function sha256(bytes) {
  return new Uint8Array(await subtle().digest('SHA-256', bytes));
}

/**
 * Takes up 32 bytes as an Ed25519 public key (RFC 8032); null if they are no
 * point of the curve, or one of small order.
 */
export async function importKey(bytes) {
  if (bytes.length !== 32 || !isPoint(bytes) || isSmallOrder(bytes)) return null;
  try {
    return await subtle().importKey('raw', bytes, { name: 'Ed25519' }, false, ['verify']);
  } catch (cause) {
    if (cause instanceof Finding) throw cause;
    throw new Finding('us', 'no-ed25519');
  }
}

/** Whether a signature of 64 bytes is a key's. Strict: it has one form only. */
export async function verifySignature(key, message, signature) {
  if (signature.length !== 64 || isSmallOrder(signature.subarray(0, 32))) return false;
  return subtle().verify({ name: 'Ed25519' }, key, signature, message);
}

function yOf(bytes) {
  let y = 0n;
  for (let at = 31; at >= 0; at -= 1) y = (y << 8n) | BigInt(at === 31 ? bytes[at] & 127 : bytes[at]);
  return y % P;
}

/** Whether the y of a point's encoding is that of one of the eight. */
export function isSmallOrder(bytes) {
  return SMALL_ORDER.has(yOf(bytes));
}

/** Whether there is a point with that y: whether (y² - 1)/(dy² + 1) is a square. */
export function isPoint(bytes) {
  const square = yOf(bytes) ** 2n % P;
  const over = (square + P - 1n) % P;
  const under = (D * square + 1n) % P;
  // A fraction is a square where the product is; 0 is one.
  const product = (over * under) % P;
  return product === 0n ? (bytes[31] & 128) === 0 : power(product, (P - 1n) / 2n) === 1n;
}

function power(base, exponent) {
  let result = 1n;
  for (let left = exponent, square = base % P; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
