//! `doorward credentials`: what users and services were given to prove who they are.

use std::{error::Error, path::PathBuf};

use clap::Subcommand;
use doorward_application::revoke_everything::Revoked;
use serde_json::{Value, json};

use super::{RunArgs, confirm::confirm, output};
use crate::{config::Config, data_dir, local};

#[derive(Debug, Subcommand)]
pub(super) enum CredentialsCommand {
    /// End all sessions, invalidate the links in emails but invites, and replace the signing key: after a backup was
    /// restored, or the master secret was lost.
    RevokeAll(RevokeAllArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct RevokeAllArgs {
    /// Give up the master secret that the signing keys were encrypted with, because it is lost: delete those keys,
    /// and revoke all invites as well. The secret that is configured takes its place; without one, a new one is
    /// created in the data folder. Stop all servers before.
    #[arg(long)]
    lost_master_key: bool,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl CredentialsCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::RevokeAll(args) => args.run(),
        }
    }
}

impl RevokeAllArgs {
    fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { lost_master_key, yes, run: RunArgs { json, config } } = self;
        let config = config.load()?;
        if !lost_master_key {
            return local::run(&config, |state| async move {
                confirm("End all sessions, and invalidate all links in emails but invites?", yes)?;
                show(&state.application.revoke_everything.run().await?, None, json)
            });
        }
        local::expect_database(&config.database)?;
        let secret = SecretPlace::of(&config);
        confirm(&question(&config, &secret), yes)?;
        // What is created is for nobody else on the machine.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        if config.secret.is_none() {
            data_dir::prepare(&config.data_dir)?;
        }
        local::run_after_lost_secret(&config, |state| async move {
            let revoked = state.application.revoke_everything.run_after_lost_secret().await?;
            show(&revoked, Some(secret), json)
        })
    }
}

/// Where the master secret is that encrypts from now on. The secret itself is never shown.
enum SecretPlace {
    Configured,
    Kept(PathBuf),
    Created(PathBuf),
}

impl SecretPlace {
    fn of(config: &Config) -> Self {
        let file = data_dir::secret_file(config);
        if config.secret.is_some() {
            Self::Configured
        } else if data_dir::has_secret(config) {
            Self::Kept(file)
        } else {
            Self::Created(file)
        }
    }

    /// What an operator has to know of it once it is in use.
    fn notice(&self) -> String {
        match self {
            Self::Configured => {
                "the master secret that is configured (DOORWARD_SECRET or DOORWARD_SECRET_FILE) is in use from now on"
                    .to_owned()
            }
            Self::Kept(file) => format!(
                "the master secret in {} is in use from now on: back it up apart from the database",
                file.display()
            ),
            Self::Created(file) => format!(
                "a new master secret was created in {}: back it up apart from the database",
                file.display()
            ),
        }
    }

    fn as_json(&self) -> Value {
        match self {
            Self::Configured => {
                json!({ "source": "configuration", "file": null, "created": false })
            }
            Self::Kept(file) => json!({ "source": "file", "file": file, "created": false }),
            Self::Created(file) => json!({ "source": "file", "file": file, "created": true }),
        }
    }
}

fn question(config: &Config, secret: &SecretPlace) -> String {
    let secret = match secret {
        SecretPlace::Configured => "the configured master secret".to_owned(),
        SecretPlace::Kept(file) => format!("the master secret {}", file.display()),
        SecretPlace::Created(file) => format!("a new master secret, {}", file.display()),
    };
    format!(
        "Delete all signing keys of {}, end all sessions, invalidate all links and invites, and go on with {secret}?",
        config.database
    )
}

fn show(revoked: &Revoked, secret: Option<SecretPlace>, json: bool) -> Result<(), Box<dyn Error>> {
    if json {
        let mut shown = json!({
            "sessions_ended": revoked.sessions,
            "links_voided": revoked.links,
            "invites_revoked": revoked.invites,
            "kid": revoked.key.kid,
        });
        if let (Some(object), Some(secret)) = (shown.as_object_mut(), secret) {
            object.insert("master_secret".to_owned(), secret.as_json());
        }
        return output::print_json(&shown);
    }
    let sessions = output::count(revoked.sessions, "session");
    let links = output::count(revoked.links, "link");
    let invites = match revoked.invites {
        0 => String::new(),
        number => format!(", {} revoked", output::count(number, "invite")),
    };
    output::print(&format!(
        "{sessions} ended, {links} invalidated{invites}; {} signs from now on; passwords stay valid\n{}",
        revoked.key.kid,
        secret.map(|secret| secret.notice() + "\n").unwrap_or_default()
    ))
}
