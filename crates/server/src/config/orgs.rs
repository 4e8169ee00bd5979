//! Options that restrict who may create organizations and who may be invited.

use std::{fmt, str::FromStr};

use doorward_domain::{
    account::email::DomainPattern,
    org::{OrgCreation, OrgPolicy, invite::InvitePolicy},
};
use serde::Deserialize;

use super::{ConfigError, Options, error::value};

/// The value of `organizations.allow_creation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct OrgCreationOption(OrgCreation);

const NAMES: [(&str, OrgCreation); 3] = [
    ("all", OrgCreation::AllUsers),
    ("verified", OrgCreation::Verified),
    ("admins", OrgCreation::Admins),
];

impl FromStr for OrgCreationOption {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        let creation = known.map(|(_, creation)| Self(*creation));
        creation.ok_or("it must be all, verified, or admins")
    }
}

impl From<OrgCreation> for OrgCreationOption {
    fn from(creation: OrgCreation) -> Self {
        Self(creation)
    }
}

impl TryFrom<String> for OrgCreationOption {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for OrgCreationOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, creation)| *creation == self.0);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

/// Returns the policy for organizations. If registration is closed, only administrators create organizations by default,
/// because the members of an organization can invite others, who can then register.
pub(super) fn orgs(options: &Options) -> OrgPolicy {
    let default = OrgPolicy::default();
    let is_closed = options.allow_registration == Some(false);
    let creation = if is_closed { OrgCreation::Admins } else { default.creation };
    OrgPolicy {
        creation: options.organizations_allow_creation.map_or(creation, |option| option.0),
        max_owned: options.organizations_max_per_account.unwrap_or(default.max_owned),
    }
}

pub(super) fn invites(options: &Options) -> Result<InvitePolicy, ConfigError> {
    let default = InvitePolicy::default();
    let domains = options.invites_domains.iter().flat_map(|texts| &texts.0);
    let domains = domains.map(|domain| {
        domain.parse::<DomainPattern>().map_err(|_| {
            let problem = format!("{domain} is not a domain such as example.com or *.example.com");
            value("invites_domains", problem)
        })
    });
    Ok(InvitePolicy {
        per_account: options.invites_per_account_per_day.unwrap_or(default.per_account),
        per_recipient: options.invites_per_recipient_per_day.unwrap_or(default.per_recipient),
        domains: domains.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(toml: &str) -> Options {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn only_admins_create_organizations_where_registration_is_closed() {
        for (toml, creation) in [
            ("", OrgCreation::AllUsers),
            ("allow_registration = false", OrgCreation::Admins),
            (
                "allow_registration = false\norganizations_allow_creation = 'verified'",
                OrgCreation::Verified,
            ),
            ("organizations_allow_creation = 'Admins'", OrgCreation::Admins),
        ] {
            assert_eq!(orgs(&options(toml)).creation, creation, "{toml}");
        }
        assert!(toml::from_str::<Options>("organizations_allow_creation = 'owners'").is_err());
    }

    #[test]
    fn invalid_invite_domain_is_refused_with_its_name() {
        let parsed = invites(&options("invites_domains = 'Example.com, *.example.org'")).unwrap();
        let shown: Vec<_> = parsed.domains.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["example.com", "*.example.org"]);
        for bad in ["example", "ann@example.com", "https://example.com"] {
            let error = invites(&options(&format!("invites_domains = ['{bad}']"))).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("invites.domains") && text.contains(bad), "{text}");
        }
    }
}
