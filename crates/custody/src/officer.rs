//! Officers as custody knows them: people whom the lane's log-in has
//! authenticated, by type and not by a string that anybody can write.

use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What makes [`Officer`]s. [`crate::Custody::start`] gives one and there is no
/// other for that custody: hand it to the code that checks credentials, and to
/// nothing else.
pub struct LogIn(Arc<Seal>);

/// Ties officers to the custody that they act on.
#[derive(Debug)]
pub(crate) struct Seal;

/// A person who has authenticated, for what they do now. It is not `Clone`: each
/// action of an officer is a log-in's.
pub struct Officer {
    seal: Arc<Seal>,
    person: Zeroizing<String>,
}

impl LogIn {
    pub(crate) fn new() -> (Self, Arc<Seal>) {
        let seal = Arc::new(Seal);
        (Self(seal.clone()), seal)
    }

    /// States that the credentials of `person` were checked for what is done
    /// next. `person` is the log-in's one name for that human being, whatever
    /// they typed: two names are two people, as far as custody can know.
    pub fn authenticated(&self, person: &str) -> Officer {
        Officer {
            seal: self.0.clone(),
            person: Zeroizing::new(person.to_owned()),
        }
    }
}

impl Officer {
    /// Whether the log-in of this custody made it.
    pub(crate) fn is_of(&self, seal: &Arc<Seal>) -> bool {
        Arc::ptr_eq(&self.seal, seal)
    }

    pub(crate) fn person(&self) -> &Zeroizing<String> {
        &self.person
    }
}

impl fmt::Debug for LogIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogIn")
    }
}

impl fmt::Debug for Officer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Officer(withheld)")
    }
}
