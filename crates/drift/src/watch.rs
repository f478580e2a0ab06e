//! One rate under watch: its baseline, its evidence, its alarm.

use crate::baseline::{Baseline, HourOfDay};
use crate::counts::{Cluster, Counts};
use crate::detector::{Bets, Detector, Direction};
use crate::outcome::Hour;
use crate::series::{SeriesId, SeriesKey};
use crate::shown::enough;
use serde::{Deserialize, Serialize};

/// A rate has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Of which series of numbers.
    pub series: SeriesId,
    /// Which rate.
    pub key: SeriesKey,
    /// Which way.
    pub direction: Direction,
    /// The hour of the alarm.
    pub at: Hour,
    /// The hour in which the change probably began.
    pub since: Hour,
    /// The rate that was expected in the hour of the alarm, in whole percent.
    pub expected: u8,
    /// The rate since the change, in percent to the next 5; `None` if that is of
    /// fewer vehicles than may be shown. Neither a count nor exact: less what a
    /// table shows of the same hours it would be a few vehicles' outcomes.
    pub since_then: Option<u8>,
}

/// How a rate stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status<'a> {
    /// The baseline is learnt from too few vehicles for a change of this size
    /// to be noticed in the present hour: `None` if none is.
    Learning {
        /// The smallest fall that is noticed.
        notices: Option<f64>,
    },
    /// Every assumed change is looked for.
    Watching,
    /// It changed, and nobody has said yet what follows.
    Changed(&'a Alarm),
}

/// One rate under watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watch {
    pub(crate) key: SeriesKey,
    baseline: Baseline,
    /// The present hour, which the baseline learns when it is over.
    pending: HourOfDay,
    detector: Detector,
    alarm: Option<Alarm>,
    #[serde(skip)]
    bets: Bets,
}

impl Watch {
    pub(crate) fn new(key: SeriesKey, hour: Hour) -> Self {
        Self {
            key,
            baseline: Baseline::default(),
            pending: HourOfDay::default(),
            detector: Detector::new(hour),
            alarm: None,
            bets: Bets::default(),
        }
    }

    /// Takes one vehicle; the alarm, if it raises one.
    pub(crate) fn take(
        &mut self,
        series: SeriesId,
        hour: Hour,
        cluster: Cluster,
        threshold: f64,
    ) -> Option<Alarm> {
        // What comes after an alarm belongs to no baseline and to no evidence.
        if self.alarm.is_some() {
            return None;
        }
        self.pending.add(cluster);
        let change = self.detector.take(hour, cluster, &self.bets, threshold)?;
        self.pending = HourOfDay::default();
        self.alarm = Some(Alarm {
            series,
            key: self.key,
            direction: change.direction,
            at: hour,
            since: change.since,
            expected: percent(self.baseline.expected(hour.of_day())?.rate, 1.0),
            since_then: rate_since(&change.after),
        });
        self.alarm.clone()
    }

    /// Goes from hour `from` to a later one.
    pub(crate) fn advance(&mut self, from: Hour, to: Hour) {
        let over = std::mem::take(&mut self.pending);
        self.baseline.learn(from.of_day(), over);
        self.settle(to);
    }

    /// Makes the bets of `hour`.
    pub(crate) fn settle(&mut self, hour: Hour) {
        self.bets = Bets::against(self.baseline.expected(hour.of_day()));
    }

    /// Goes on after an alarm, with the same baseline or a new one.
    pub(crate) fn resume(&mut self, hour: Hour, relearn: bool) -> Option<Alarm> {
        let alarm = self.alarm.take()?;
        self.detector = Detector::new(hour);
        if relearn {
            self.baseline = Baseline::default();
        }
        self.settle(hour);
        Some(alarm)
    }

    pub(crate) fn status(&self) -> Status<'_> {
        use crate::detector::CHANGES;
        if let Some(alarm) = &self.alarm {
            return Status::Changed(alarm);
        }
        let notices = CHANGES.into_iter().find(|c| self.bets.looks_for(*c));
        match notices {
            Some(smallest) if smallest <= CHANGES[0] => Status::Watching,
            notices => Status::Learning { notices },
        }
    }

    pub(crate) fn learnt_hours(&self) -> u32 {
        self.baseline.learnt_hours()
    }

    pub(crate) fn is_sound(&self) -> bool {
        let alarm = self.alarm.as_ref();
        self.baseline.is_sound()
            && self.detector.is_sound()
            && alarm.is_none_or(|alarm| alarm.key == self.key && alarm.expected <= 100)
    }
}

fn rate_since(after: &Counts) -> Option<u8> {
    let rate = after.rate().filter(|_| enough(after.vehicles, None))?;
    Some(percent(rate, 5.0))
}

/// A rate in percent, to the next multiple of `step`.
fn percent(rate: f64, step: f64) -> u8 {
    ((rate * 100.0 / step).round() * step) as u8
}
