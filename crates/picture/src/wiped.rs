//! Memory that is written over before it is given back.

use std::ops::{Deref, DerefMut};

/// A vector of numbers that is zeroed when it is dropped, with all that it has room for.
///
/// What [`zeroize::Zeroizing`] does by a write for every value, which no compiler may join
/// with the next (a seventeenth of what a frame costs), this does by one fill and a barrier
/// after it. Like there, a vector that grows leaves what it had behind: room is made first.
#[derive(Clone, Default)]
pub struct Wiped<T: Copy + Default>(Vec<T>);

impl<T: Copy + Default> Wiped<T> {
    /// Takes over `values`, to wipe them.
    pub fn new(values: Vec<T>) -> Self {
        Self(values)
    }

    /// Zeroes the values of a part, which stay.
    ///
    /// # Panics
    /// If there are no such values.
    pub fn wipe_part(&mut self, part: std::ops::Range<usize>) {
        let part = &mut self.0[part];
        part.fill(T::default());
        zeroize::optimization_barrier(part);
    }

    fn wipe(&mut self) {
        let room = self.0.capacity();
        self.0.clear();
        // Within its room nothing moves.
        self.0.resize(room, T::default());
        zeroize::optimization_barrier(self.0.as_slice());
    }
}

impl<T: Copy + Default> Drop for Wiped<T> {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl<T: Copy + Default> Deref for Wiped<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Copy + Default> DerefMut for Wiped<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Wiped;

    #[test]
    fn all_of_its_room_is_wiped_where_it_lies() {
        let mut wiped = Wiped::new(vec![7_u8; 100]);
        let (place, room) = (wiped.as_ptr(), wiped.capacity());
        // What was there is no longer among its values, but still in its memory.
        wiped.truncate(3);
        wiped.wipe();
        assert_eq!((wiped.as_ptr(), wiped.capacity()), (place, room));
        assert!(wiped.len() == room && wiped.iter().all(|v| *v == 0));
        let mut part = Wiped::new(vec![7_u8; 5]);
        part.wipe_part(1..3);
        assert_eq!(**part, [7, 0, 0, 7, 7]);
    }
}
