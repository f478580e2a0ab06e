//! How a tensor lies in memory.

/// How many channels lie side by side.
pub const BLOCK: usize = 16;

/// The extents of a tensor, of which `ring` rows are kept at a time.
///
/// Row `y` lies at slot `y mod ring`. It is, for each block of [`BLOCK`] channels,
/// `halo` pixels of zeros, the `width` pixels and `halo` pixels of zeros again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// How many blocks of channels.
    pub blocks: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Rows of the whole tensor.
    pub height: usize,
    /// Pixels of zeros at either end of a row.
    pub halo: usize,
    /// How many rows are kept.
    pub ring: usize,
}

impl Geometry {
    /// Pixels from one block to the next.
    pub const fn pitch(&self) -> usize {
        self.width + 2 * self.halo
    }

    /// Values in a row.
    pub const fn row_len(&self) -> usize {
        self.blocks * self.pitch() * BLOCK
    }

    /// Values in all rows that are kept.
    pub const fn len(&self) -> usize {
        self.ring * self.row_len()
    }

    /// Whether that is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As [`Geometry::len`], or `None` where that or a row's length is more than a number
    /// can say: a wrapped product would pass for a short one.
    fn checked_len(&self) -> Option<usize> {
        let pitch = self.halo.checked_mul(2)?.checked_add(self.width)?;
        let row = self.blocks.checked_mul(pitch)?.checked_mul(BLOCK)?;
        row.checked_mul(self.ring)
    }

    fn is_in(&self, values: usize) -> bool {
        self.checked_len().is_some_and(|len| values >= len)
    }

    fn slot(&self, y: usize) -> std::ops::Range<usize> {
        let start = y % self.ring * self.row_len();
        start..start + self.row_len()
    }
}

/// A product of extents, which bounds indices and so mustn't wrap.
///
/// # Panics
/// If it is more than a number can say.
pub(crate) fn product<const N: usize>(factors: [usize; N]) -> usize {
    let all = factors.iter().try_fold(1_usize, |p, f| p.checked_mul(*f));
    all.expect("more values than a number can say")
}

/// A tensor to read.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    data: &'a [f32],
    zeros: &'a [f32],
    geometry: Geometry,
}

impl<'a> Rows<'a> {
    /// The tensor in `data`. `zeros` stands for every row above and below it.
    ///
    /// # Panics
    /// If `data` or `zeros` is shorter than `geometry` calls for.
    pub fn new(data: &'a [f32], zeros: &'a [f32], geometry: Geometry) -> Self {
        assert!(geometry.is_in(data.len()), "too few values for the rows");
        assert!(zeros.len() >= geometry.row_len(), "too few zeros for a row");
        let zeros = &zeros[..geometry.row_len()];
        Self {
            data,
            zeros,
            geometry,
        }
    }

    /// The tensor's extents.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Row `y`, which is zeros outside the tensor. The row has `row_len` values.
    #[inline]
    pub fn row(&self, y: isize) -> &'a [f32] {
        match usize::try_from(y) {
            Ok(y) if y < self.geometry.height => &self.data[self.geometry.slot(y)],
            _ => self.zeros,
        }
    }
}

/// A tensor to write.
pub struct RowsMut<'a> {
    data: &'a mut [f32],
    geometry: Geometry,
}

impl<'a> RowsMut<'a> {
    /// The tensor in `data`.
    ///
    /// # Panics
    /// If `data` is shorter than `geometry` calls for.
    pub fn new(data: &'a mut [f32], geometry: Geometry) -> Self {
        assert!(geometry.is_in(data.len()), "too few values for the rows");
        Self { data, geometry }
    }

    /// The tensor's extents.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Row `y`, to write; `row_len` values.
    ///
    /// # Panics
    /// If the tensor has no such row.
    #[inline]
    pub fn row_mut(&mut self, y: usize) -> &mut [f32] {
        assert!(y < self.geometry.height, "no row {y}");
        let slot = self.geometry.slot(y);
        &mut self.data[slot]
    }

    /// Rows `y..y + N`, to write, of which at least so many are kept at a time.
    ///
    /// # Panics
    /// If the tensor has no such rows, or keeps fewer.
    #[inline]
    pub(crate) fn rows_mut<const N: usize>(&mut self, y: usize) -> [&mut [f32]; N] {
        assert!(y + N <= self.geometry.height, "no rows {y} and on");
        let slots = std::array::from_fn(|n| self.geometry.slot(y + n));
        let rows = self.data.get_disjoint_mut(slots);
        rows.expect("rows that lie in one place")
    }

    /// Zeros at both ends of every row that is kept. No kernel writes there.
    pub fn clear_halo(&mut self) {
        let (pitch, halo) = (self.geometry.pitch() * BLOCK, self.geometry.halo * BLOCK);
        if halo == 0 {
            return;
        }
        let len = self.geometry.len();
        for row in self.data[..len].chunks_exact_mut(pitch) {
            row[..halo].fill(0.0);
            row[pitch - halo..].fill(0.0);
        }
    }
}
