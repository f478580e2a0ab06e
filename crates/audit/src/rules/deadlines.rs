//! Which deadline is the next: found without looking at everything that is
//! open, because whoever makes a log decides how much that is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Entry numbers by a time on the log's own time line, the earliest first.
type Queue = BinaryHeap<Reverse<(i64, u64)>>;

/// What must end when. What has ended meanwhile, or has another deadline now,
/// is dropped when its turn comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Deadlines {
    /// The last minutes in which something may end.
    last: Queue,
    /// Holds by the minute in which they are due, until a start has fixed their
    /// deadline.
    due: Queue,
}

impl Deadlines {
    /// What entry `number` began may end in minute `last` and not later.
    pub(super) fn set(&mut self, number: u64, last: i64) {
        self.last.push(Reverse((last, number)));
    }

    /// The hold that entry `number` made is due in minute `due`.
    pub(super) fn set_due(&mut self, number: u64, due: i64) {
        self.due.push(Reverse((due, number)));
    }

    /// The next hold that was due by `now`, each once.
    pub(super) fn take_due(&mut self, now: i64) -> Option<u64> {
        let &Reverse((due, number)) = self.due.peek()?;
        (due <= now).then(|| {
            self.due.pop();
            number
        })
    }

    /// The first that should have ended before `now` and has not: `last_of`
    /// gives the present deadline of what an entry began, if it is still there.
    pub(super) fn overdue(
        &mut self,
        now: i64,
        last_of: impl Fn(u64) -> Option<i64>,
    ) -> Option<u64> {
        while let Some(&Reverse((last, number))) = self.last.peek() {
            if last >= now {
                return None;
            }
            if last_of(number) == Some(last) {
                return Some(number);
            }
            self.last.pop();
        }
        None
    }
}
