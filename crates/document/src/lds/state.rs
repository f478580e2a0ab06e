//! Issuing states: the three letters of an MRZ to the two of a certificate
//! (Doc 9303-3, 5, which is ISO 3166-1 with additions).

/// ISO 3166-1, alpha-3 and alpha-2 run together, and the codes that Doc 9303-3
/// adds or that certificates are known to use.
const STATES: &str = "\
ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT \
AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO \
BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG \
COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO \
DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB \
GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY \
HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT \
JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY \
LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH \
MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA \
NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE \
PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA \
SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR \
SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO \
TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG \
VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW EUEEU UNOUN RKSKS ";

/// Codes of nobody's country that an MRZ may have as state or nationality (Doc
/// 9303-3, 5, parts B to D), and some that states have given up and old documents
/// still show. `UTO` is the specimens' Utopia.
const OTHERS: &str = "\
D GBD GBN GBO GBP GBS UNA UNK XBA XIM XCC XCE XCO XDC XEC XES XMP XOM XPO XXA XXB XXC XXX UTO \
NTZ ANT SCG YUG TMP ZAR ";

/// Territories whose documents the state signs for that they belong to: the state's
/// two letters, and theirs.
const DEPENDENT: [(&str, &str); 4] = [
    ("GB", "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG"),
    ("FR", "BL GF GP MF MQ NC PF PM RE TF WF YT"),
    ("DK", "FO GL"),
    ("NL", "AW BQ CW SX"),
];

/// The two letters for an issuing state as an MRZ writes it, without fillers;
/// `None` for codes that have no country's certificate.
pub(crate) fn two_letters(state: &str) -> Option<&'static str> {
    match state {
        "D" => return Some("DE"),
        "GBD" | "GBN" | "GBO" | "GBP" | "GBS" => return Some("GB"),
        "UNA" => return Some("UN"),
        "UTO" => return Some("UT"),
        // The Order of Malta and Interpol, as their certificates have it.
        "XOM" => return Some("ZM"),
        "XPO" => return Some("XP"),
        _ => {}
    }
    if state.len() != 3 {
        return None;
    }
    STATES
        .split_ascii_whitespace()
        .find_map(|entry| entry.strip_prefix(state))
}

/// Every code that an MRZ may have, with its fillers.
pub(crate) fn codes() -> impl Iterator<Item = [u8; 3]> {
    let states = STATES.split_ascii_whitespace().filter_map(|s| s.get(..3));
    states.chain(OTHERS.split_ascii_whitespace()).map(|code| {
        let mut filled = *b"<<<";
        for (slot, c) in filled.iter_mut().zip(code.bytes()) {
            *slot = c;
        }
        filled
    })
}

/// Whether an MRZ may have the code, without fillers, as issuing state or nationality.
pub(crate) fn is_code(code: &str) -> bool {
    two_letters(code).is_some() || OTHERS.split_ascii_whitespace().any(|other| other == code)
}

/// How a certificate's country stands to a document's issuing state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It is that state's.
    Same,
    /// It is that of the state which the territory belongs to.
    Dependent,
    /// It is another's.
    Other,
    /// The code is no state's that has a certificate.
    NoState,
}

/// Whether a certificate of `country` may vouch for documents of `state`.
pub(crate) fn relation(state: &str, country: &str) -> Relation {
    let Some(expected) = two_letters(state) else {
        return Relation::NoState;
    };
    let country = country.to_ascii_uppercase();
    // Kosovo's certificates have KS or XK; China signs for its two regions; some
    // have written the three letters.
    let same = country == expected
        || country == state
        || (expected == "KS" && country == "XK")
        || (expected == "CN" && matches!(country.as_str(), "HK" | "MO"))
        || (matches!(expected, "HK" | "MO") && country == "CN");
    let territories = DEPENDENT.iter().find(|(of, _)| *of == country);
    match territories {
        _ if same => Relation::Same,
        Some((_, theirs)) if theirs.contains(expected) => Relation::Dependent,
        _ => Relation::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::Relation::{Dependent, NoState, Other, Same};
    use super::{is_code, relation, two_letters};

    #[test]
    fn states_and_countries() {
        assert_eq!(two_letters("D"), Some("DE"));
        assert_eq!(two_letters("NLD"), Some("NL"));
        for none in ["", "N", "NL", "NLDNL", "U10", "XXA"] {
            assert_eq!(two_letters(none), None, "{none}");
        }
        let cases = [
            ("FRA", "fr", Same),
            ("FRA", "fra", Same),
            ("FRA", "DE", Other),
            ("UTO", "UT", Same),
            ("UTO", "FR", Other),
            ("BMU", "GB", Dependent),
            ("BMU", "BM", Same),
            ("GBR", "BM", Other),
            ("BMU", "FR", Other),
            ("HKG", "CN", Same),
            ("XXA", "FR", NoState),
            ("ZZZ", "FR", NoState),
        ];
        let wrong: Vec<_> = cases
            .iter()
            .filter(|(state, country, expected)| relation(state, country) != *expected)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn codes_that_an_mrz_may_have() {
        for code in ["D", "FRA", "UTO", "XXA", "GBD", "UNK", "EUE"] {
            assert!(is_code(code), "{code}");
        }
        for code in ["", "U10", "ZZZ", "DE", "FR", "GB", "F", "UT"] {
            assert!(!is_code(code), "{code}");
        }
    }
}
