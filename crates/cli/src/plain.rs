//! Foreign text for people: what a document, a certificate or the name of a file says
//! may neither begin a line of its own, nor command the terminal, nor turn text round.
//! JSON has it as it is.

use std::borrow::Cow;
use std::fmt::Display;

/// The text with everything escaped that isn't shown as a character of its own.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, acts)
}

/// The same for a page of HTML, whose own lines stay.
pub(crate) fn plain_html(page: &str) -> Cow<'_, str> {
    escaped(page, |c| acts(c) && !matches!(c, '\n' | '\r' | '\t'))
}

/// Tells on stderr, in one line.
pub(crate) fn complain(what: &dyn Display) {
    eprintln!("rowcall: {}", plain(&what.to_string()));
}

fn escaped(text: &str, acts: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Control characters, separators of lines, and what directs text (Unicode Standard
/// Annex 9, 2).
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(c, '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_html};

    #[test]
    fn only_what_acts_is_escaped() {
        assert_eq!(plain("Müller, 李 <b> \\n"), "Müller, 李 <b> \\n");
        assert_eq!(plain("a\n  verdict\tb"), "a\\n  verdict\\tb");
        assert_eq!(plain("\u{1b}[2J\u{9b}1m"), "\\u{1b}[2J\\u{9b}1m");
        assert_eq!(plain("\u{202e}dilav\u{2028}"), "\\u{202e}dilav\\u{2028}");
        assert_eq!(plain_html("<p>\n\u{202e}\u{7}"), "<p>\n\\u{202e}\\u{7}");
    }
}
