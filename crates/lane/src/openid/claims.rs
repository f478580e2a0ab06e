//! What a provider says of somebody, and what that makes them here.

use std::collections::BTreeSet;

use openidconnect::{AdditionalClaims, IdTokenClaims, UserInfoClaims, core::CoreGenderClaim};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Person, refused};
use crate::{Error, config::OpenIdConfig, role::Role};

/// Claims that the standard doesn't name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Claims(Map<String, Value>);

impl AdditionalClaims for Claims {}

/// Everything that was said of somebody, by the claim's name.
#[derive(Debug, Default)]
pub(super) struct Said(Map<String, Value>);

pub(super) fn of_token(claims: &IdTokenClaims<Claims, CoreGenderClaim>) -> Said {
    Said::of(&claims.additional_claims().0, claims)
}

pub(super) fn of_user_info(claims: &UserInfoClaims<Claims, CoreGenderClaim>) -> Said {
    Said::of(&claims.additional_claims().0, claims)
}

impl Said {
    fn of(additional: &Map<String, Value>, standard: &impl Serialize) -> Self {
        let mut all = match serde_json::to_value(standard) {
            Ok(Value::Object(all)) => all,
            _ => Map::new(),
        };
        all.extend(additional.clone());
        Self(all)
    }

    /// Whether it says what is asked of it.
    pub(super) fn has(&self, config: &OpenIdConfig) -> bool {
        self.0.contains_key(&config.claim) && self.0.contains_key(&config.name)
    }

    /// What was said first stays.
    pub(super) fn add(&mut self, more: Self) {
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
    }

    /// Who it is here.
    ///
    /// # Errors
    /// If no name that a user may have is said, or no role, or more than one.
    pub(super) fn person(&self, config: &OpenIdConfig) -> Result<Person, Error> {
        let name = self.0.get(&config.name).and_then(Value::as_str);
        let name = name.ok_or_else(|| {
            refused(format_args!(
                "it doesn't say the claim {:?}, which is their name here",
                config.name
            ))
        })?;
        let name = name.to_lowercase();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-@".contains(c);
        if !(1..=64).contains(&name.len()) || !name.chars().all(fits) {
            return Err(refused(format_args!(
                "the claim {:?} isn't a name of at most 64 letters, digits, ., _, - and @",
                config.name
            )));
        }
        let values: Vec<&str> = match self.0.get(&config.claim) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let given = values.iter().filter_map(|value| config.roles.get(*value));
        let roles: BTreeSet<Role> = given.copied().collect();
        match roles.iter().copied().collect::<Vec<_>>().as_slice() {
            [role] => Ok(Person { name, role: *role }),
            [] => Err(refused(format_args!(
                "the claim {:?} gives no role of this lane",
                config.claim
            ))),
            // Roles are duties that are kept apart.
            more => Err(refused(format_args!(
                "the claim {:?} gives {} roles of this lane: whoever gives accounts has to choose one",
                config.claim,
                more.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Said;
    use crate::{Role, config::OpenIdConfig};

    #[test]
    fn a_claim_gives_one_role_or_none() {
        let config: OpenIdConfig = toml::from_str(
            "issuer = \"https://id.example.org\"\nclient = \"lane\"\nclaim = \"groups\"\n\
             [roles]\nlane = \"officer\"\nlane-night = \"officer\"\naudit = \"auditor\"\n",
        )
        .expect("as documented");
        let mut wrong = Vec::new();
        for (said, role) in [
            (
                json!({"preferred_username": "A.Holm", "groups": ["lane"]}),
                Some(Role::Officer),
            ),
            (
                json!({"preferred_username": "a.holm", "groups": "audit"}),
                Some(Role::Auditor),
            ),
            (
                json!({"preferred_username": "a.holm", "groups": ["lane", "lane-night", "x"]}),
                Some(Role::Officer),
            ),
            (
                json!({"preferred_username": "a.holm", "groups": ["lane", "audit"]}),
                None,
            ),
            (json!({"preferred_username": "a.holm", "groups": []}), None),
            (json!({"preferred_username": "a.holm", "groups": 7}), None),
            (json!({"preferred_username": "a.holm"}), None),
            (json!({"groups": ["lane"]}), None),
            (json!({"preferred_username": "", "groups": ["lane"]}), None),
            (
                json!({"preferred_username": "a holm", "groups": ["lane"]}),
                None,
            ),
            (
                json!({"preferred_username": "ä.holm", "groups": ["lane"]}),
                None,
            ),
        ] {
            let Value::Object(all) = said.clone() else {
                unreachable!("an object")
            };
            let person = Said(all).person(&config);
            let got = person.as_ref().ok().map(|p| p.role);
            if got != role || person.is_ok_and(|p| p.name != "a.holm") {
                wrong.push(format!("{said}: {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
