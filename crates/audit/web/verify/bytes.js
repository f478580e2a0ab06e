// Bytes and their text forms, each with one spelling.

/** The bytes one after another. @param {...Uint8Array} parts */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether both are the same bytes. */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) {
    if (a[at] !== b[at]) return false;
  }
  return true;
}

/** UTF-8 of a string. */
export const utf8 = (text) => new TextEncoder().encode(text);

/** The text of UTF-8 bytes, a byte order mark kept; null if they are none. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x6000) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  }
  return text;
}

/** Reads `toBase64`; null unless it is exactly that form. */
export function fromBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  let decoded;
  try {
    decoded = atob(text);
  } catch {
    return null;
  }
  const bytes = Uint8Array.from(decoded, (char) => char.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

/** A whole number's one decimal form, up to `most`; null for anything else. */
export function fromDecimal(text, most = Number.MAX_SAFE_INTEGER) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return number <= most ? number : null;
}

/** Four bytes, big-endian, as 8 hex digits. */
export function hexId(bytes) {
  let text = '';
  for (const byte of bytes.subarray(0, 4)) text += byte.toString(16).padStart(2, '0');
  return text;
}
