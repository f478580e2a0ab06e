// The verifier's sentences in English, by code: those of `rowcall audit verify`.
// Whoever says them in another language gives `Finding.sentence` a catalogue
// with the same codes.

const quoted = (text) => `"${text}"`;
const entry = (why) => `not an entry of this log's language: ${why}`;

export const SENTENCES = Object.freeze({
  // Files.
  missing: (p) => `${p.file} is missing`,
  'too-long': (p) => `${p.file} is longer than the ${p.limit} bytes that it can have`,
  'not-fetched': (p) => `${p.file} could not be fetched: ${p.why}`,
  'tile-length': (p) => `${p.file} has ${p.length} bytes instead of ${p.expected}`,
  'bundle-cut': () => 'its last entry is cut off',
  'bundle-count': (p) => `it has ${p.found} entries instead of ${p.expected}, or bytes after them`,
  'bundle-narrower': (p) => `${p.file} is not the beginning of ${p.of}`,
  'hash-in-tile': (p) => `the hash stored in ${p.file} is not that of the entries`,
  'hash-of-entry': () => 'its hash is not the one in the tree',
  partials: (p) => `it is not this log's list of partial tiles: ${p.why}`,
  // Notes, checkpoints, keys.
  note: (p) => `not a signed note: ${p.why}`,
  checkpoint: (p) => `not a checkpoint: ${p.why}`,
  'key-form': (p) => `${quoted(p.text)} is not a verifier key (${p.why}); it has the form lane3.example.org/rowcall+8 hex digits+base64`,
  'key-name': (p) => `${quoted(p.name)} cannot name a log: 1 to 128 bytes without spaces or '+' and not beginning with "rowcall/", such as lane3.example.org/rowcall`,
  'key-point': (p) => `the key of ${p.name} is no Ed25519 public key`,
  'signature-false': (p) => `the signature of ${p.key} is false`,
  'signature-none': (p) => `no signature of ${p.key}`,
  'signature-removed': (p) => `the signature of ${p.line} that the remembered copy has was removed`,
  'cosignature-false': (p) => `the cosignature of ${p.key} is false`,
  'cosignature-none': (p) => `no cosignature of ${p.key}`,
  'witness-key': (p) => `${p.key} is a log's key, not a witness's: those have type 0x04`,
  'key-unknown': (p) => `the key ${p.key} is none of this log's: it began with ${p.first} and is now ${p.signer}`,
  empty: () => 'the log is empty',
  'root-false': () => 'the tree of the entries is not the one that the checkpoint signs',
  'other-origin': (p) => `the remembered checkpoint is of ${p.old}, this log is ${p.origin}`,
  'rolled-back': (p) => `the log was rolled back: it has ${p.size} entries, the remembered checkpoint ${p.old}`,
  'other-history': (p) => `the log's first ${p.old} entries are not those of the remembered checkpoint`,
  // The language of entries.
  'entry-form': () => entry('longer than 1,024 bytes, or not ASCII'),
  'entry-version': () => entry('its version is not v1'),
  'entry-minute': () => entry('its second word is no minute'),
  'entry-kind': () => entry('its kind is none of the known ones'),
  'entry-field': (p) => entry(`its field ${quoted(p.field)} is missing, misplaced or out of range`),
  'entry-more': () => entry('more fields than its kind has'),
  // Rules.
  'rule-first': () => 'a log begins with its "created" entry and has no other',
  'rule-stopped': (p) => `a ${quoted(p.kind)} entry while the lane is stopped`,
  'rule-stop-open': (p) => `the lane stopped with transaction ${p.transaction} open`,
  'rule-time': () => 'its time is before that of the entry before it',
  'rule-configured': () => 'the lane has not stated its configuration since it started',
  'rule-limit': () => 'its limit is above the configured one',
  'rule-transaction': (p) => `entry ${p.number} opened no transaction, or it has ended already`,
  'rule-hold': (p) => `entry ${p.number} made no hold, or it has ended already`,
  'rule-two-officers': () => 'both officers of the hold are one',
  'rule-second': () => 'the hold lacks its second officer',
  'rule-hold-length': () => 'the hold is longer than configured',
  'rule-holds': () => 'more holds in a day than configured',
  'rule-no-key': () => 'the log has no key',
  'rule-receipt': () => "the receipt is not signed by the log's key",
  'rule-process-ended': (p) => `transaction ${p.transaction} ended by ${quoted(p.cause)}, which is for those, and those only, that a process left open when it ended`,
  'rule-receipt-agrees': (p) => `the receipt does not agree with what is recorded of transaction ${p.transaction}`,
  'rule-transaction-late': (p) => `transaction ${p.number} was not destroyed in time${late(p)}`,
  'rule-hold-late': (p) => `hold ${p.number} did not end in time${late(p)}`,
  'rule-set-up': (p) => `entry ${p.number} began no set-up, or it has ended already`,
  'rule-set-up-late': (p) => `set-up ${p.number} did not end in time${late(p)}`,
  'rule-rotation': () => 'the new key is not signed by the old one and by itself',
  'rule-key-again': () => 'the new key is one that was retired before',
  // Proofs.
  'proof-form': () => 'this is no proof file, or not in its canonical form',
  'proof-inclusion': (p) => `the proof of entry ${p.index} is false`,
  'proof-consistency': () => 'the proof of consistency is false',
  'receipt-form': () => 'this is no receipt',
  // This browser.
  'no-crypto': () => 'this browser gives the page no cryptography: it does so over https, and on the machine itself, only',
  'no-ed25519': () => 'this browser cannot verify Ed25519 signatures: take a newer one, or "rowcall audit verify"',
  ended: () => 'the verification was ended before it was through',
});

function late(p) {
  return p.stopped ? ': the lane is stopped, and nobody has seen to it' : '';
}

/** What this verifier does not check, by code: always to be said with a result. */
export const NOT_CHECKED = Object.freeze({
  'own-code': () => 'This page and its verifier came from the lane that they check. Whoever does not trust it with that saves the log and checks it with a rowcall of their own.',
  folder: () => 'Files that do not belong to the log, links, empty folders: a browser sees only the files that it asks for. "rowcall audit verify" looks at the folder.',
  'no-key': () => "No key was given that was learned elsewhere: the log was held against the key that it states itself, which whoever forges a whole log can do too.",
  'no-remembered': () => 'No earlier checkpoint was given: a log that was set back to an older one as a whole would hold too.',
  'no-witness': () => 'No witness was asked for: the lane could show another log to somebody else.',
  'no-time': () => 'Whether anything is overdue now: only what was overdue at the last entry was looked at.',
  claims: () => 'Whether what the entries say is true: that a process which started had died before, or that a clock was set as an entry says.',
});
