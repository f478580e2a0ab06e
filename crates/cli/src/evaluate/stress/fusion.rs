//! What several frames gain, for the terminal and the page.

use rowcall_evaluate::{Fusion, FusionGain, Gain, Paired, Point, Stress, Ways};

/// Which frames are compared.
#[derive(Clone, Copy)]
pub(super) enum Basis {
    /// Every one in which the face was found.
    Found,
    /// Those that pass the quality gate, as at a lane.
    Lane,
}

impl Basis {
    pub(super) const ALL: [Self; 2] = [Self::Found, Self::Lane];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Found => "every frame in which the face was found",
            Self::Lane => "frames that pass the quality gate, as at a lane",
        }
    }

    fn ways(self, fusion: &Fusion) -> &Ways {
        match self {
            Self::Found => &fusion.found,
            Self::Lane => &fusion.fit,
        }
    }

    fn gain(self, gain: &FusionGain) -> &Gain {
        match self {
            Self::Found => &gain.found,
            Self::Lane => &gain.fit,
        }
    }
}

/// Nothing if there was one frame only.
pub(super) fn text(m: &Stress) -> String {
    let Some(frames) = m.frames else {
        return String::new();
    };
    let mut text = format!(
        "\nfusion of {frames} frames, missed in %: single = one frame (mean), best = the best shot alone,\n\
         even = fused without weights, fused = by weights; FMR = strangers at or above that of 1e-3\n"
    );
    let head = format!(
        "{:>8}{}{:>8}{:>8}\n",
        "value",
        ["single", "best", "even", "fused"]
            .map(|w| format!("{w:>8}"))
            .concat()
            .repeat(2),
        "FMR b.",
        "FMR f."
    );
    for basis in Basis::ALL {
        text += &format!(
            "\n{}\n{:>8}{:>32}{:>32}\n",
            basis.name(),
            "",
            "at FMR 1e-3",
            "at FMR 1e-4"
        );
        text += &head;
        text += &line(&m.base, basis);
        for curve in &m.curves {
            text += &format!("{}\n", curve.name);
            curve.points.iter().for_each(|p| text += &line(p, basis));
        }
    }
    text += "\nfused against the best shot, over all levels: trials that only the fusion : only the best shot gets\n\
             right, people who gain : who lose, p of the sign test over people\n";
    for basis in Basis::ALL {
        text += &format!(
            "\n{}\n{:>14}{:>30}{:>30}\n",
            basis.name(),
            "",
            "at FMR 1e-3",
            "at FMR 1e-4"
        );
        for (name, gain) in gains(m) {
            let [a, b] = basis.gain(gain).over_best.each_ref().map(verdict);
            text += &format!("{name:>14}{a:>30}{b:>30}\n");
        }
    }
    text
}

fn line(p: &Point, basis: Basis) -> String {
    let cells = cells(p, basis)
        .iter()
        .map(|c| format!("{c:>8}"))
        .collect::<String>();
    format!(
        "{:>8}{cells}\n",
        (f64::from(p.value) * 100.0).round() / 100.0
    )
}

/// Of one level: what each way misses at both thresholds, then the strangers who
/// reach the first one by the best shot and by the fusion; in %.
pub(super) fn cells(p: &Point, basis: Basis) -> Vec<String> {
    let Some(fusion) = &p.fusion else {
        return Vec::new();
    };
    let ways = basis.ways(fusion);
    let missed = missed(ways)
        .into_iter()
        .flatten()
        .map(|r| format!("{:.1}", 100.0 * r));
    let strangers = [ways.best, ways.fused]
        .map(|w| w.fmr[0].map_or_else(|| "-".to_owned(), |r| format!("{:.2}", 100.0 * r)));
    missed.chain(strangers).collect()
}

/// By each way, at each threshold.
fn missed(ways: &Ways) -> [[f64; 4]; 2] {
    [0, 1].map(|t| {
        let of = |w: rowcall_evaluate::Way| w.missed[t].rate.unwrap_or(0.0);
        [
            ways.single.missed[t],
            of(ways.best),
            of(ways.even),
            of(ways.fused),
        ]
    })
}

/// A row a condition and one of all: at each threshold the mean missed over its
/// levels by each way in %, and the fusion against the best shot and against that
/// without weights.
pub(super) fn summary(m: &Stress, basis: Basis) -> Vec<(&str, Vec<String>)> {
    let all: Vec<&Point> = m.curves.iter().flat_map(|c| &c.points).collect();
    let of_curves = m.curves.iter().map(|c| c.points.iter().collect());
    let points = of_curves.chain([all]);
    let rows = gains(m).zip(points).map(|((name, gain), points)| {
        let gain = basis.gain(gain);
        let ways = points.iter().filter_map(|p| p.fusion.as_ref());
        let missed: Vec<_> = ways.map(|f| missed(basis.ways(f))).collect();
        let cells = [0, 1].into_iter().flat_map(|t| {
            let mean = |way: usize| {
                let sum: f64 = missed.iter().map(|m| m[t][way]).sum();
                format!("{:.1}", 100.0 * sum / missed.len().max(1) as f64)
            };
            let paired = [&gain.over_best[t], &gain.over_even[t]].map(verdict);
            (0..4).map(mean).chain(paired).collect::<Vec<_>>()
        });
        (name, cells.collect())
    });
    rows.collect()
}

fn gains(m: &Stress) -> impl Iterator<Item = (&str, &FusionGain)> {
    let of_curve = m
        .curves
        .iter()
        .filter_map(|c| Some((c.name, c.gain.as_ref()?)));
    of_curve.chain(m.gain.as_ref().map(|gain| ("all", gain)))
}

fn verdict(paired: &Paired) -> String {
    let Paired {
        gained,
        lost,
        people_gained,
        people_lost,
        p,
    } = paired;
    let p = if *p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("{p:.3}")
    };
    format!("{gained} : {lost}, {people_gained} : {people_lost}, p {p}")
}
