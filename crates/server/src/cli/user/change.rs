//! Commands that change one user and take no further arguments.

use std::error::Error;

use doorward_application::{Application, admin::set_user_active::DisableOutcome};
use doorward_domain::account::user::User;
use serde_json::json;

use super::{UserArgs, who};
use crate::cli::{local, output};

#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    Disable,
    Enable,
    Verify,
    GrantAdmin { force: bool },
    RevokeAdmin,
}

/// The outcome of a change.
struct Changed {
    changed: bool,
    sessions_ended: Option<usize>,
}

impl From<bool> for Changed {
    fn from(changed: bool) -> Self {
        Self { changed, sessions_ended: None }
    }
}

pub(super) fn run(change: Change, args: UserArgs) -> Result<(), Box<dyn Error>> {
    let UserArgs { name, run } = args;
    local::run(&run.config.load()?, |state| async move {
        let user = state.application.admin.find_user.run(&name).await?;
        let outcome = change.make(&state.application, &user).await?;
        if run.json {
            return output::print_json(&json!({
                "user_id": user.id.to_string(),
                "changed": outcome.changed,
                "sessions_ended": outcome.sessions_ended,
            }));
        }
        let (person, state) = (who(&user), change.state());
        let ended = outcome.sessions_ended.map(|ended| output::count(ended, "session"));
        let ended = ended.map(|ended| format!("; {ended} revoked")).unwrap_or_default();
        let sentence = if outcome.changed {
            format!("{person} is now {state}{ended}\n")
        } else {
            format!("{person} is already {state}: nothing changed\n")
        };
        output::print(&sentence)
    })
}

impl Change {
    async fn make(self, application: &Application, user: &User) -> Result<Changed, Box<dyn Error>> {
        Ok(match self {
            Self::Disable => match application.admin.set_user_active.disable(user.id).await? {
                DisableOutcome::Before => false.into(),
                DisableOutcome::Now { sessions_ended } => {
                    Changed { changed: true, sessions_ended: Some(sessions_ended) }
                }
            },
            Self::Enable => application.admin.set_user_active.enable(user.id).await?.into(),
            Self::Verify => application.admin.verify_email.run(user.id).await?.into(),
            Self::GrantAdmin { force } => {
                application.admin.set_platform_admin.grant(user.id, force).await?.into()
            }
            Self::RevokeAdmin => application.admin.set_platform_admin.revoke(user.id).await?.into(),
        })
    }

    fn state(self) -> &'static str {
        match self {
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::Verify => "verified",
            Self::GrantAdmin { .. } => "an administrator",
            Self::RevokeAdmin => "a regular user",
        }
    }
}
