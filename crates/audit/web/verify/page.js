// A page's verifier: a form for what the auditor knows, a progress bar, and what
// was found. Everything is written as text; nothing of the log is markup.

import {
  Finding, MAX_NOTE_BYTES, NOT_CHECKED, Note, SENTENCES, VerifierKey, httpSource, minuteText, outcome,
} from './verifier.js';
import { WORDS } from './words.js';

/**
 * Puts the verifier into `root`, whose `data-log` is the URL of the log's folder
 * (its files under it as C2SP tlog-tiles names them). `words`, `sentences` and
 * `notChecked` are catalogues like the English ones. Gives the form.
 */
export function mount(root, { words = WORDS, sentences = SENTENCES, notChecked = NOT_CHECKED } = {}) {
  const form = element('form', { className: 'verify' });
  const key = field(form, words.key, words.keyHelp, element('input', { name: 'key', type: 'text', spellcheck: false, autocomplete: 'off' }));
  const witnesses = field(form, words.witnesses, words.witnessesHelp, element('textarea', { name: 'witnesses', rows: 2, spellcheck: false }));
  const remembered = field(form, words.remembered, words.rememberedHelp, element('input', { name: 'remembered', type: 'file' }));
  const now = field(form, words.now, words.nowHelp, element('input', { name: 'now', type: 'checkbox' }));
  const button = element('button', { type: 'submit', textContent: words.verify });
  const stop = element('button', { type: 'button', textContent: words.stop, hidden: true });
  const bar = element('progress', { max: 1, value: 0, hidden: true });
  bar.setAttribute('aria-label', words.progress);
  const result = element('div', { className: 'verify-result', tabIndex: -1 });
  result.setAttribute('role', 'status');
  form.append(button, stop, bar);
  root.replaceChildren(form, result);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const ending = new AbortController();
    stop.onclick = () => ending.abort();
    [button.disabled, stop.hidden, bar.hidden, bar.value] = [true, false, false, 0];
    result.replaceChildren();
    const told = await run({
      base: new URL(root.dataset.log, document.baseURI),
      key: key.value.trim(),
      witnesses: witnesses.value.split('\n').map((line) => line.trim()).filter(Boolean),
      file: remembered.files[0],
      now: now.checked,
      signal: ending.signal,
      progress: (done, of) => { bar.value = done / of; },
    });
    [button.disabled, stop.hidden, bar.hidden] = [false, true, true];
    result.replaceChildren(...show(told, { words, sentences, notChecked }));
    result.dataset.outcome = told.ok ? 'holds' : told.finding.kind;
    result.focus();
    root.dispatchEvent(new CustomEvent('verified', { detail: told, bubbles: true }));
  });
  return form;
}

async function run({ base, key, witnesses, file, now, signal, progress }) {
  try {
    return await outcome({
      fetchTile: httpSource(base, { signal }),
      key: key ? await VerifierKey.parse(key) : undefined,
      witnesses: await Promise.all(witnesses.map((text) => VerifierKey.parse(text))),
      remembered: file ? Note.parse(await readFile(file)) : undefined,
      asOf: now ? Math.floor(Date.now() / 60_000) : undefined,
      signal,
      progress,
    });
  } catch (finding) {
    if (finding instanceof Finding) return { ok: false, finding };
    throw finding;
  }
}

async function readFile(file) {
  return new Uint8Array(await file.slice(0, MAX_NOTE_BYTES + 1).arrayBuffer());
}

function show({ ok, report, finding }, { words, sentences, notChecked }) {
  if (!ok) {
    const title = finding.kind === 'log' ? words.broken : words.unknown;
    return [
      element('h2', { textContent: title }),
      element('p', { textContent: finding.sentence(sentences) }),
      element('p', { textContent: finding.kind === 'log' ? words.brokenNext : words.unknownNext }),
    ];
  }
  const { checkpoint } = report;
  const rows = [
    [words.log, checkpoint.origin],
    [words.entries, String(checkpoint.size)],
    [words.root, checkpoint.root],
    [words.last, minuteText(report.lastMinute)],
    [words.keys, report.keys.join('\n')],
    [words.cosigned, report.witnesses.map(({ witness, time, size }) => words.cosignedBy(witness, minuteText(Math.floor(time / 60)), size)).join('\n') || words.none],
    [words.unknownLines, report.unknownSignatures.join('\n') || words.none],
    [words.since, report.remembered === null ? words.none : String(report.remembered)],
    [words.starts, words.startsOf(report.starts, report.uncleanStarts)],
    [words.clock, words.minutes(report.clockSteppedMinutes)],
    [words.open, words.openOf(report.openTransactions.length, report.liveHolds.length)],
    ...Object.entries(report.counts).map(([kind, count]) => [kind, String(count)]),
  ];
  const table = element('table');
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const head = element('th', { scope: 'row', textContent: name });
    row.append(head, element('td', { textContent: value }));
  }
  const list = element('ul');
  for (const code of report.notChecked) list.append(element('li', { textContent: notChecked[code]() }));
  const keep = element('a', {
    textContent: words.keep,
    download: `${checkpoint.size}.checkpoint`,
    href: URL.createObjectURL(new Blob([report.note.toString()], { type: 'text/plain' })),
  });
  return [
    element('h2', { textContent: words.holds }),
    element('h3', { textContent: words.notChecked }),
    list,
    element('p', { textContent: words.keepWhy }),
    keep,
    element('h3', { textContent: words.says }),
    table,
  ];
}

function field(form, name, help, input) {
  const label = element('label');
  const hint = element('small', { textContent: help, id: `verify-${input.name}` });
  input.setAttribute('aria-describedby', hint.id);
  label.append(element('span', { textContent: name }), input);
  form.append(label, hint);
  return input;
}

function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

for (const root of document.querySelectorAll('[data-verify]')) mount(root);
