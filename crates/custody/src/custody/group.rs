//! Group commit: what is asked while the log is being synced is written together
//! with the next sync.

use super::command::{Command, EndedBy, Opened, Recorded, Reply};
use super::state::{Open, State, Written};
use crate::Error;
use crate::transaction::slot::Slot;
use rowcall_audit::entry::{Commitment, Minute, Minutes};
use rowcall_audit::{Event, Note};
use rowcall_rollcall::Lane;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Entries that wait for one append, and what follows it.
#[derive(Default)]
pub(super) struct Group {
    minute: Option<Minute>,
    events: Vec<Event>,
    after: Vec<(usize, After)>,
    /// Transactions with entries among them: what else is asked of one comes after.
    touched: BTreeSet<u64>,
}

enum After {
    Opened {
        key: [u8; 32],
        limit: Minutes,
        lane: Arc<Lane>,
        reply: Reply<Opened>,
    },
    Recorded {
        reply: Reply<()>,
    },
    Ended {
        ended: EndedBy,
        written: Box<Written>,
        reply: Reply<Note>,
    },
}

impl State {
    /// Adds what is asked to the group.
    pub(super) fn gather(&mut self, command: Command, group: &mut Group, stopping: bool) {
        let about = match &command {
            Command::Record { transaction, .. } => Some(*transaction),
            Command::End { ended, .. } => Some(ended.number),
            _ => None,
        };
        if about.is_some_and(|number| group.touched.contains(&number)) {
            self.commit(group);
        }
        let minute = match group.minute {
            Some(minute) => minute,
            None => *group.minute.insert(self.minute()),
        };
        match command {
            Command::Open {
                reference,
                limit,
                lane,
                reply,
            } => {
                if stopping {
                    return reply.send(Err(Error::stopped()));
                }
                if limit > self.policy.transaction_limit {
                    return reply.send(Err(Error::operator(format!(
                        "a transaction may last {} minutes at most",
                        self.policy.transaction_limit.get()
                    ))));
                }
                let mut key = [0; 32];
                self.random.fill_bytes(&mut key);
                let commitment = Commitment::new(&key, &reference);
                let after = After::Opened {
                    key,
                    limit,
                    lane,
                    reply,
                };
                group.add([Event::Opened { commitment, limit }], after);
            }
            Command::Record {
                transaction,
                facts,
                reply,
            } => {
                if stopping || !self.open.0.contains_key(&transaction) {
                    return reply.send(Err(Error::ended("transaction")));
                }
                let events: Vec<Event> = facts
                    .into_iter()
                    .map(|fact| self.fact(minute, transaction, fact))
                    .collect();
                group.touched.insert(transaction);
                group.add(events, After::Recorded { reply });
            }
            Command::End { ended, reply } => {
                self.open.0.remove(&ended.number);
                match self.receipt(minute, ended) {
                    Err(error) => reply.send(Err(error)),
                    Ok((event, written)) => {
                        group.touched.insert(ended.number);
                        let written = Box::new(written);
                        let after = After::Ended {
                            ended,
                            written,
                            reply,
                        };
                        group.add([event], after);
                    }
                }
            }
            _ => {}
        }
    }

    /// Writes the group and answers everybody in it.
    pub(super) fn commit(&mut self, group: &mut Group) {
        let Group {
            minute,
            events,
            after,
            ..
        } = std::mem::take(group);
        let Some(minute) = minute.filter(|_| !after.is_empty()) else {
            return;
        };
        let ended = |after: &(usize, After)| match &after.1 {
            After::Ended { written, .. } => Some(written.outcome.clone()),
            _ => None,
        };
        let before = self.outcomes.len();
        self.outcomes.extend(after.iter().filter_map(ended));
        let appended = self.append(minute, &events);
        if appended.is_err() {
            self.outcomes.truncate(before);
        }
        self.date();
        for (at, after) in after {
            let number = appended.clone().map(|first| first + at as u64);
            match after {
                After::Opened {
                    key,
                    limit,
                    lane,
                    reply,
                } => {
                    reply.send(number.map(|number| self.opened(number, key, limit, lane)));
                }
                After::Recorded { reply } => reply.send(number.map(drop)),
                After::Ended {
                    ended,
                    written,
                    reply,
                } => {
                    if number.is_err() {
                        self.unwritten.push(ended);
                    }
                    reply.send(number.map(|_| written.note));
                }
            }
        }
    }

    fn opened(&mut self, number: u64, key: [u8; 32], limit: Minutes, lane: Arc<Lane>) -> Opened {
        let slot = Arc::new(Slot::new(lane));
        let due = self.line.last.since_boot + Duration::from_secs(60 * u64::from(limit.get()));
        let open = Open {
            slot: slot.clone(),
            due,
        };
        self.open.0.insert(number, open);
        Opened {
            key,
            number,
            slot,
            due,
        }
    }

    fn fact(&self, minute: Minute, transaction: u64, fact: Recorded) -> Event {
        match fact {
            Recorded::Arrived => Event::Arrived { transaction },
            Recorded::Document(kind, verdict, leniencies) => Event::Document {
                transaction,
                kind,
                verdict,
                leniencies,
            },
            Recorded::Seat(row, side, outcome, stage) => Event::Seat {
                transaction,
                row,
                side,
                outcome,
                stage,
            },
            Recorded::Adjudicated(subject, person, reason) => Event::Adjudicated {
                transaction,
                subject,
                officer: self.pseudonym(minute, &person),
                reason,
            },
        }
    }
}

impl Group {
    fn add(&mut self, events: impl IntoIterator<Item = Event>, after: After) {
        let at = self.events.len();
        self.events.extend(events);
        self.after.push((at, after));
    }
}
