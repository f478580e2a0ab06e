//! The thread: takes what is asked, writes together what can be written together,
//! and answers.

use super::command::{Command, EndedBy, Reply, SetUp, Uses};
use super::group::Group;
use super::state::{Open, State};
use crate::Error;
use rowcall_audit::Event;
use rowcall_words::log::{DestructionCause, StopCause};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// The most that is asked and written with one sync.
const MAX_GROUP: usize = 256;

/// How often custody looks by itself whether something is over.
const BY_ITSELF: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 20 });

/// As [`run`]. Should it fail, everything that is open is destroyed, all use is
/// refused, and the next tick says so.
pub(super) fn run_guarded(state: State, commands: &Receiver<Command>) {
    let shared = state.shared.clone();
    // What it owns is gone when this returns: there is nothing to see of it.
    if catch_unwind(AssertUnwindSafe(|| run(state, commands))).is_err() {
        shared.failed.store(true, Ordering::SeqCst);
        shared.stopped.store(true, Ordering::SeqCst);
    }
}

/// A stop that has begun.
struct Stopping {
    cause: StopCause,
    /// How its beginning went.
    begun: Result<(), Error>,
    /// Who is answered once the last use has ended.
    waiting: Vec<Reply<()>>,
}

/// Runs until custody is stopped and the last transaction has ended.
fn run(mut state: State, commands: &Receiver<Command>) {
    let mut stopping: Option<Stopping> = None;
    let mut looked = Instant::now();
    loop {
        let first = match commands.recv_timeout(BY_ITSELF.saturating_sub(looked.elapsed())) {
            Ok(first) => Some(first),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if looked.elapsed() >= BY_ITSELF {
            // What fails in it fails again, and is said, when somebody asks for it.
            let _ = state.tick();
            state.date();
            looked = Instant::now();
        }
        let Some(first) = first else { continue };
        let mut asked = vec![first];
        while asked.len() < MAX_GROUP {
            match commands.try_recv() {
                Ok(next) => asked.push(next),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        let mut group = Group::default();
        for command in asked {
            match command {
                Command::Open { .. } | Command::Record { .. } | Command::End { .. } => {
                    state.gather(command, &mut group, stopping.is_some());
                }
                Command::Stop { cause, uses, reply } => {
                    state.commit(&mut group);
                    let is_first = stopping.is_none();
                    let stop = stopping.get_or_insert_with(|| Stopping {
                        cause,
                        begun: state.begin_stop(),
                        waiting: Vec::new(),
                    });
                    let number = state.open.0.len();
                    match uses {
                        Uses::Told if number > 0 && is_first => {
                            reply.send(stop.begun.clone().and(Err(Error::in_use(format!(
                                "{number} transactions are in use: each is destroyed as its \
                                 use ends, and the log says then that the lane stopped"
                            )))));
                        }
                        Uses::Told if number > 0 => reply.send(Ok(())),
                        _ => stop.waiting.push(reply),
                    }
                }
                #[cfg(test)]
                Command::Crash { reply } => {
                    state.shared.stopped.store(true, Ordering::SeqCst);
                    drop(state);
                    reply.send(Ok(()));
                    return;
                }
                #[cfg(test)]
                Command::Fields { reply } => {
                    let _ = state.finish_stop(StopCause::Operator);
                    reply.send(Ok(state.field_names()));
                    return;
                }
                other => {
                    state.commit(&mut group);
                    state.alone(other, stopping.is_some());
                }
            }
        }
        state.commit(&mut group);
        crate::system::wipe_stack();
        if state.open.0.is_empty()
            && let Some(stop) = stopping.take()
        {
            let result = stop.begun.and(state.finish_stop(stop.cause));
            // The log's lock goes before anybody hears of it. Where nobody waits, a
            // process that ends before it has left it to the next start.
            drop(state);
            for reply in stop.waiting {
                reply.send(result.clone());
            }
            return;
        }
    }
}

impl State {
    /// Does what is written by itself.
    fn alone(&mut self, command: Command, stopping: bool) {
        macro_rules! answer {
            ($reply:expr, $result:expr) => {{
                let result = match stopping {
                    true => Err(Error::stopped()),
                    false => $result,
                };
                self.date();
                $reply.send(result)
            }};
        }
        match command {
            Command::Tick { reply } => answer!(reply, self.tick()),
            Command::NewHold {
                request,
                two,
                reply,
            } => answer!(reply, self.new_hold(&request, two)),
            Command::MakeHold { made, reply } => answer!(reply, self.make_hold(*made)),
            Command::ViewHold {
                hold,
                person,
                reply,
            } => answer!(reply, self.view_hold(hold, &person)),
            Command::BrokenHold { hold, reply } => answer!(reply, self.broken_hold(hold)),
            Command::ReleaseHold {
                hold,
                person,
                reply,
            } => answer!(reply, self.release_hold(hold, &person)),
            Command::SetUp { step, reply } => answer!(reply, self.set_up(&step)),
            Command::Holds { reply } => answer!(reply, Ok(self.live_holds())),
            Command::RotateKey { new, reply } => answer!(reply, self.rotate_key(*new)),
            Command::Checkpoint { reply } => answer!(reply, Ok(self.log.note().clone())),
            _ => {}
        }
    }

    /// Records it: nothing of a set-up is in custody.
    fn set_up(&mut self, step: &SetUp) -> Result<u64, Error> {
        let minute = self.minute();
        let event = match step {
            SetUp::Begin(person, limit) => Event::SetUpBegan {
                officer: self.pseudonym(minute, person),
                limit: *limit,
            },
            SetUp::Write(set_up, digest) => Event::LaneFileWritten {
                set_up: *set_up,
                digest: *digest,
            },
            SetUp::End(set_up, cause) => Event::SetUpEnded {
                set_up: *set_up,
                cause: *cause,
            },
        };
        self.append(minute, &[event])
    }

    fn rotate_key(&mut self, new: rowcall_audit::SignerKey) -> Result<(), Error> {
        let minute = self.minute();
        self.append(minute, &[])?;
        let number = self.log.rotate_key(minute, new)?;
        let log = rowcall_audit::LogFolder::open(self.log.folder())?;
        self.book.take(&log.entry(number)?);
        self.remember();
        Ok(())
    }

    /// Holds first: what keeps a transaction from ending keeps no key alive.
    fn tick(&mut self) -> Result<(), Error> {
        self.minute();
        let holds = self.expire_holds();
        let over = self.end_free(DestructionCause::TimeLimit, |open, now| open.due <= now);
        holds
            .and(over)
            .and(self.write_unwritten())
            .and(self.housekeep(false))
    }

    /// Refuses all use from now on and ends what is not in use.
    fn begin_stop(&mut self) -> Result<(), Error> {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.minute();
        let holds = self.expire_holds();
        holds.and(self.end_free(DestructionCause::Shutdown, |_, _| true))
    }

    fn finish_stop(&mut self, cause: StopCause) -> Result<(), Error> {
        // A receipt that could not be written is tried once more here.
        self.write_unwritten()?;
        let minute = self.minute();
        self.append(minute, &[Event::Stopped { cause }])?;
        let kept = self.housekeep(true);
        self.date();
        kept
    }

    /// Destroys what is to end, unless it is in use at this moment: then its
    /// user's thread ends it, which looks whether it has to as the use ends.
    fn end_free(
        &mut self,
        cause: DestructionCause,
        is_over: impl Fn(&Open, Duration) -> bool,
    ) -> Result<(), Error> {
        let now = self.line.last.since_boot;
        let mut ended = Vec::new();
        self.open.0.retain(|&number, open| {
            if !is_over(open, now) {
                return true;
            }
            let Some((images, templates)) = open.slot.take_if_free() else {
                // In use; or its user's thread has ended it, and is about to say so.
                return true;
            };
            let by = EndedBy {
                number,
                cause,
                images,
                templates,
            };
            ended.push((by, Some(open.slot.clone())));
            false
        });
        self.write_receipts(ended)
    }
}
