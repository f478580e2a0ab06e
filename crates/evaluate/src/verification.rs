//! The measurement of a set, as it is reported.

use serde::Serialize;

use crate::{Bootstrap, Error, Failure, Interval, Manifest, Proportion, Scores, Templates};

/// The false match rates that are reported.
pub const FALSE_MATCH_RATES: [f64; 5] = [1e-2, 1e-3, 5e-4, 1e-4, 1e-5];
/// The rate whose threshold groups are held against.
const GROUP_FALSE_MATCH_RATE: f64 = 1e-3;
/// "Rule of 30" (Doddington; ISO/IEC 19795-1): with fewer errors than this, a
/// rate isn't known to within 30 % of itself with 90 % confidence.
const RULE_OF_30: f64 = 30.0;
/// A group with fewer subjects says more about them than about the group.
const LEAST_GROUP: usize = 50;

/// Verification performance of a set. All rates are fractions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verification {
    /// Pictures in the manifest.
    pub pictures: u64,
    /// Subjects in the manifest.
    pub subjects: usize,
    /// Mated comparisons, after failures to acquire.
    pub mated: u64,
    /// Non-mated comparisons, after failures to acquire.
    pub non_mated: u64,
    /// Failure-to-acquire rate.
    pub fta: f64,
    /// The pictures that failed.
    pub failures: Vec<Failure>,
    /// Equal error rate.
    pub eer: f64,
    /// Its 95 % interval.
    pub eer_ci95: Interval,
    /// The operating points, from frequent to rare false matches.
    pub points: Vec<OperatingPoint>,
    /// Figures by label, where the manifest has label columns.
    pub groups: Vec<Group>,
    /// What a reader must know to read the figures.
    pub warnings: Vec<String>,
    /// How often subjects were drawn for the intervals.
    pub replicates: usize,
    /// From start to end, reading and drawing included.
    pub seconds: f64,
}

/// A threshold and the errors there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperatingPoint {
    /// The false match rate asked for.
    pub fmr: f64,
    /// The false non-match rate.
    pub fnmr: f64,
    /// The least score that keeps the false match rate.
    pub threshold: f32,
    /// The 95 % interval of `fnmr`.
    pub ci95: Interval,
    /// The 95 % interval of `threshold`.
    pub threshold_ci95: Interval,
    /// How many false matches the rate amounts to in this set.
    pub false_matches: f64,
}

/// The figures of those who share a value of a label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The label's column.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Pictures and failures to acquire.
    pub fta: Proportion,
    /// Pictures in a second of one core.
    pub pictures_per_second: f64,
    /// Subjects with a template.
    pub subjects: usize,
    /// Mated comparisons within the group.
    pub mated: u64,
    /// Non-mated comparisons within the group.
    pub non_mated: u64,
    /// The threshold, which is the whole set's for a false match rate of 1e-3.
    pub threshold: f32,
    /// False match rate within the group and its 95 % interval; none if there
    /// are no comparisons.
    pub fmr: Option<(f64, Interval)>,
    /// False non-match rate within the group and its 95 % interval.
    pub fnmr: Option<(f64, Interval)>,
}

impl Verification {
    /// Measures a set. `seconds` is left 0 for the caller's clock.
    ///
    /// # Errors
    /// [`crate::ErrorKind::TooFew`] without mated or without non-mated
    /// comparisons, [`crate::ErrorKind::Manifest`] for a label of too many
    /// values.
    pub fn measure(
        manifest: &Manifest,
        templates: &Templates,
        bootstrap: Bootstrap,
    ) -> Result<(Self, Scores), Error> {
        let scores = templates.compare(|_| true, None)?;
        let rates = scores.rates(&FALSE_MATCH_RATES);
        let intervals = bootstrap.rates(&scores, &FALSE_MATCH_RATES);
        let non_mated = scores.non_mated().total();
        let points: Vec<OperatingPoint> = (0..FALSE_MATCH_RATES.len())
            .map(|i| OperatingPoint {
                fmr: FALSE_MATCH_RATES[i],
                fnmr: rates.fnmr[i],
                threshold: rates.thresholds[i],
                ci95: intervals.fnmr[i],
                threshold_ci95: intervals.thresholds[i],
                false_matches: FALSE_MATCH_RATES[i] * non_mated as f64,
            })
            .collect();
        let mut warnings: Vec<String> = points
            .iter()
            .filter(|p| p.false_matches < RULE_OF_30)
            .map(|p| {
                format!(
                    "FMR {:e}: {:.1} false matches in {non_mated} comparisons are too few to place its threshold; at least 30 are wanted",
                    p.fmr, p.false_matches
                )
            })
            .collect();
        let (pictures, failed, _) = templates.acquisition(|_| true);
        let threshold = scores.rates(&[GROUP_FALSE_MATCH_RATE]).thresholds[0];
        let groups = groups(manifest, templates, threshold, bootstrap, &mut warnings)?;
        let measured = Self {
            pictures,
            subjects: manifest.subjects,
            mated: scores.mated().len() as u64,
            non_mated,
            fta: failed as f64 / pictures as f64,
            failures: templates.failures.clone(),
            eer: rates.eer,
            eer_ci95: intervals.eer,
            points,
            groups,
            warnings,
            replicates: bootstrap.replicates,
            seconds: 0.0,
        };
        Ok((measured, scores))
    }
}

fn groups(
    manifest: &Manifest,
    templates: &Templates,
    threshold: f32,
    bootstrap: Bootstrap,
    warnings: &mut Vec<String>,
) -> Result<Vec<Group>, Error> {
    let mut groups = Vec::new();
    for (column, label) in manifest.labels.iter().enumerate() {
        for value in manifest.groups(column)? {
            let is_in = |i: usize| manifest.entries[i].labels[column] == value;
            let (pictures, failed, seconds) = templates.acquisition(is_in);
            let scores = templates.compare(is_in, Some(threshold)).ok();
            let intervals = scores.as_ref().map(|s| bootstrap.at(s, threshold));
            let rate = |rate: &dyn Fn(&Scores) -> f64,
                        which: fn(&(Interval, Interval)) -> Interval| {
                Some((rate(scores.as_ref()?), which(intervals.as_ref()?)))
            };
            let group = Group {
                label: label.clone(),
                value: value.to_owned(),
                fta: Proportion::of(failed, pictures),
                pictures_per_second: pictures as f64 / seconds.max(1e-9),
                subjects: scores.as_ref().map_or(0, Scores::subjects),
                mated: scores.as_ref().map_or(0, |s| s.mated().len() as u64),
                non_mated: scores.as_ref().map_or(0, |s| s.non_mated().total()),
                threshold,
                fmr: rate(&|s| s.fmr(threshold), |i| i.0),
                fnmr: rate(&|s| s.fnmr(threshold), |i| i.1),
            };
            let expected = GROUP_FALSE_MATCH_RATE * group.non_mated as f64;
            if group.subjects < LEAST_GROUP || expected < RULE_OF_30 {
                warnings.push(format!(
                    "{label} = {value}: {} subjects and {} non-mated comparisons are too few to say anything about the group",
                    group.subjects, group.non_mated
                ));
            }
            groups.push(group);
        }
    }
    Ok(groups)
}
