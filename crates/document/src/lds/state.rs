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

/// The two letters for an issuing state as an MRZ writes it, without fillers;
/// `None` for codes that are nobody's, such as the fictional `UTO`.
pub(crate) fn two_letters(state: &str) -> Option<&'static str> {
    match state {
        "D" => return Some("DE"),
        "GBD" | "GBN" | "GBO" | "GBP" | "GBS" => return Some("GB"),
        "UNA" => return Some("UN"),
        _ => {}
    }
    STATES
        .split_ascii_whitespace()
        .find_map(|entry| entry.strip_prefix(state).filter(|two| two.len() == 2))
}

/// Whether a certificate of `country` may vouch for documents of `state`;
/// `None` if the state is not known.
pub(crate) fn agree(state: &str, country: &str) -> Option<bool> {
    let expected = two_letters(state)?;
    let country = country.to_ascii_uppercase();
    // Kosovo's certificates have KS or XK; China signs for its two regions; some
    // have written the three letters.
    let same = country == expected
        || country == state
        || (expected == "KS" && country == "XK")
        || (expected == "CN" && matches!(country.as_str(), "HK" | "MO"))
        || (matches!(expected, "HK" | "MO") && country == "CN");
    Some(same)
}

#[cfg(test)]
mod tests {
    use super::{agree, two_letters};

    #[test]
    fn states_and_countries() {
        assert_eq!(two_letters("D"), Some("DE"));
        assert_eq!(two_letters("NLD"), Some("NL"));
        assert_eq!(two_letters("UTO"), None);
        assert_eq!(two_letters(""), None);
        assert_eq!(agree("FRA", "fr"), Some(true));
        assert_eq!(agree("FRA", "fra"), Some(true));
        assert_eq!(agree("FRA", "DE"), Some(false));
        assert_eq!(agree("UTO", "FR"), None);
    }
}
