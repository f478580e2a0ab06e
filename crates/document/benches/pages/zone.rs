//! Zones of passports of people who don't exist.

use rowcall_document::mrz::check_digit;

/// Numbers that look like chance and are the same every time (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x9303)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    pub(crate) fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.unit()
    }

    /// About normal, of deviation one.
    pub(crate) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[(self.next() % of.len() as u64) as usize]
    }

    fn text(&mut self, of: &str, length: usize) -> String {
        let of: Vec<char> = of.chars().collect();
        (0..length)
            .map(|_| of[(self.next() % of.len() as u64) as usize])
            .collect()
    }

    fn date(&mut self, years: std::ops::Range<u64>) -> String {
        let year = years.start + self.next() % (years.end - years.start);
        let (month, day) = (1 + self.next() % 12, 1 + self.next() % 28);
        format!("{:02}{month:02}{day:02}", year % 100)
    }
}

/// The two lines of a passport, all check digits right.
pub(crate) fn passport(random: &mut Random) -> Vec<String> {
    const SURNAMES: [&str; 8] = [
        "KOWALCZYK",
        "GARCIA<LORCA",
        "OBRIEN",
        "NGUYEN",
        "QUIROZ",
        "VON<ADLERSTEIN",
        "BJOERNSSON",
        "WU",
    ];
    const NAMES: [&str; 8] = [
        "DOMINIKA",
        "JOSE<MARIA",
        "SIOBHAN",
        "THI<BICH<NGOC",
        "XOCHITL",
        "KATHARINA<XENIA",
        "IDA",
        "JING",
    ];
    const STATES: [&str; 8] = ["POL", "ESP", "IRL", "VNM", "MEX", "D<<", "ISL", "UTO"];
    const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let state = random.one_of(&STATES);
    let names = format!("{}<<{}", random.one_of(&SURNAMES), random.one_of(&NAMES));
    let first = format!("P<{state}{names:<<39}");
    let number = match random.one_of(&["digits", "letters"]) {
        "digits" => format!(
            "{}{}",
            random.text("CEHJKLMPRTVX", 2),
            random.text("0123456789", 7)
        ),
        _ => random.text(ALL, 9),
    };
    let birth = random.date(1940..2009);
    let expiry = random.date(2027..2036);
    let personal = match random.one_of(&["none", "some"]) {
        "none" => String::new(),
        _ => random.text("0123456789", 9),
    };
    let personal = format!("{personal:<<14}");
    let digit = |parts: &[&str]| {
        let parts: Vec<&[u8]> = parts.iter().map(|p| p.as_bytes()).collect();
        char::from(check_digit(&parts))
    };
    let (of_number, of_birth) = (digit(&[&number]), digit(&[&birth]));
    let (of_expiry, of_personal) = (digit(&[&expiry]), digit(&[&personal]));
    let sex = random.one_of(&["M", "F", "<"]);
    let covered = [
        format!("{number}{of_number}"),
        format!("{birth}{of_birth}"),
        format!("{expiry}{of_expiry}{personal}{of_personal}"),
    ];
    let composite = digit(&covered.each_ref().map(String::as_str));
    let second = format!(
        "{}{state}{}{sex}{}{composite}",
        covered[0], covered[1], covered[2]
    );
    vec![first, second]
}
