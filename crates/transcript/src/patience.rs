//! A bound on work that only makes a result nicer.

/// How much more may be done before it is enough.
#[derive(Clone, Debug)]
pub(crate) struct Patience(usize);

impl Patience {
    pub(crate) fn new(work: usize) -> Self {
        Self(work)
    }

    /// Whether there is patience for so much work, which is then spent.
    pub(crate) fn spend(&mut self, work: usize) -> bool {
        let Some(left) = self.0.checked_sub(work) else {
            return false;
        };
        self.0 = left;
        true
    }
}
