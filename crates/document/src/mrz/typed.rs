//! A zone as people and their tools write it: in lower case, spaced apart, with
//! guillemets for fillers, with the line ends and encodings of any system.

use super::format::MrzFormat;

/// Text as it was meant, and what was changed.
pub(crate) struct Typed {
    /// In upper case, with `<` for fillers.
    pub lines: Vec<String>,
    /// For a person; empty where nothing was changed.
    pub changes: Vec<&'static str>,
}

/// Text in UTF-8, or in UTF-16 where a byte order mark says so.
pub(crate) fn text(bytes: &[u8]) -> String {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Lines as the standard has them, where typing alone keeps them from being so. What
/// fits no layout even then is returned as it stands.
pub(crate) fn as_meant(lines: &[&str]) -> Typed {
    let own = Typed {
        lines: lines.iter().map(|l| (*l).to_owned()).collect(),
        changes: Vec::new(),
    };
    let mut typed = Typed {
        lines: own.lines.clone(),
        changes: Vec::new(),
    };
    typed.change("lower case", |line| line.to_ascii_uppercase());
    typed.change("guillemets and other marks for fillers", |line| {
        line.replace(['\u{ab}', '\u{300a}', '\u{226a}'], "<<")
            .replace(['\u{2039}', '\u{2329}', '\u{3008}', '\u{ff1c}'], "<")
    });
    if typed.fits() {
        return typed;
    }
    // Blanks are fillers where the lines are as long as they should be with them,
    // and spacing where they are without.
    for (what, with) in [
        ("blanks for fillers", "<"),
        ("blanks between characters", ""),
    ] {
        let mut other = Typed {
            lines: typed.lines.clone(),
            changes: typed.changes.clone(),
        };
        other.change(what, |line| line.replace([' ', '\t', '\u{a0}'], with));
        if other.fits() {
            return other;
        }
    }
    own
}

impl Typed {
    fn change(&mut self, what: &'static str, how: impl Fn(&str) -> String) {
        let changed: Vec<String> = self.lines.iter().map(|l| how(l)).collect();
        if changed != self.lines {
            self.lines = changed;
            self.changes.push(what);
        }
    }

    /// Whether lengths and characters are those of a layout.
    fn fits(&self) -> bool {
        let width = self.lines.first().map_or(0, |l| l.chars().count());
        let first = self.lines.first().and_then(|l| l.bytes().next());
        MrzFormat::of(self.lines.len(), width, first.unwrap_or_default()).is_some()
            && self
                .lines
                .iter()
                .all(|l| l.len() == width && l.bytes().all(super::check::is_mrz_byte))
    }
}

#[cfg(test)]
mod tests {
    use super::{as_meant, text};

    const LINES: [&str; 2] = [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ];

    #[test]
    fn what_typing_does_to_a_zone_is_undone_and_told() {
        let blanks = LINES.map(|l| l.replace('<', " "));
        let apart = LINES.map(|l| l.chars().map(|c| format!("{c} ")).collect::<String>());
        let cases: [([String; 2], &[&str]); 6] = [
            (LINES.map(str::to_owned), &[]),
            (LINES.map(str::to_lowercase), &["lower case"]),
            (
                LINES.map(|l| l.replace("<<", "\u{ab}")),
                &["guillemets and other marks for fillers"],
            ),
            (blanks, &["blanks for fillers"]),
            (apart, &["blanks between characters"]),
            (
                LINES.map(|l| l.replace("<<", "\u{ab}").to_lowercase()),
                &["lower case", "guillemets and other marks for fillers"],
            ),
        ];
        for (typed, changes) in cases {
            let typed = typed.each_ref().map(String::as_str);
            let meant = as_meant(&typed);
            assert_eq!(meant.lines, LINES, "{typed:?}");
            assert_eq!(meant.changes, changes, "{typed:?}");
        }
        // What fits no layout stays as it is.
        let short = ["p<utoeriksson", LINES[1]];
        assert_eq!(as_meant(&short).lines, short);
        assert!(as_meant(&short).changes.is_empty());
    }

    #[test]
    fn text_in_sixteen_bits_says_so_in_its_first_two_bytes() {
        assert_eq!(text(b"\xff\xfeP\0<\0"), "P<");
        assert_eq!(text(b"\xfe\xff\0P\0<\0"), "P<");
        assert_eq!(text(b"\xfe\xff"), "");
        assert_eq!(text(b"P<"), "P<");
    }
}
