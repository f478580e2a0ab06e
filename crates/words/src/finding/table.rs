//! The codes as a page.

use strum::IntoEnumIterator;

use super::code::Code;

const HEAD: &str = "\
# Findings

What Rowcall may notice about a document, by the code that `result.json`, the lane's API and
`rowcall document inspect` give it. How much a finding weighs (`info`, `warning` or `error`) is
the policy's to say, and stands with the finding itself, as does the file and what was seen
there; [documents.md](documents.md) tells what comes of them.

Where a finding has several clauses, it names the one that goes with where it was found. One
without a clause is Rowcall's own to say.

| code | clause | what it means |
|---|---|---|
";

/// `docs/findings.md`: every code with its clauses and its sentence, in the order of the
/// alphabet.
pub fn table() -> String {
    let mut codes: Vec<Code> = Code::iter().collect();
    codes.sort_by_key(|code| code.as_str());
    let row = |code: Code| {
        let clauses: Vec<&str> = code.clauses().iter().map(|c| c.as_str()).collect();
        format!(
            "| `{code}` | {} | {} |\n",
            clauses.join("; "),
            code.sentence()
        )
    };
    let rows: String = codes.into_iter().map(row).collect();
    format!("{HEAD}{rows}")
}
