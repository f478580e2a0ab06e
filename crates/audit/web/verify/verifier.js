// The verifier's front door: what a page or a test needs.

export { Finding } from './finding.js';
export { SENTENCES, NOT_CHECKED } from './sentences.js';
export { VerifierKey } from './key.js';
export { Note, parseCheckpoint, MAX_NOTE_BYTES } from './note.js';
export { minuteOf, minuteText, parseEntry } from './entry.js';
export { receiptNote } from './statement.js';
export { checkConsistencyProof, checkInclusionProof, checkReceipt, MAX_PROOF_BYTES } from './proof.js';
export { httpSource } from './source.js';
export { outcome, verify } from './verify.js';
