//! `doorward credentials`: all credentials that the server has issued.

use std::{error::Error, path::PathBuf};

use clap::Subcommand;
use doorward_application::admin::revoke_all_credentials::Revoked;
use serde_json::{Value, json};

use super::{RunArgs, confirm::confirm, output};
use crate::{cli::local, config::Config, data_dir};

#[derive(Debug, Subcommand)]
pub(super) enum CredentialsCommand {
    /// Revoke all sessions, invalidate the links in emails except invites, and replace the signing key, after a backup
    /// was restored or the master key was lost.
    RevokeAll(RevokeAllArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct RevokeAllArgs {
    /// Replace a lost master key: delete the signing keys encrypted with it, and also revoke all invites. The
    /// configured master key is used from now on; without one, a new one is created in the data folder. Stop all
    /// servers first.
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
                confirm(
                    "Revoke all sessions, and invalidate all links in emails except invites?",
                    yes,
                )?;
                show(&state.application.admin.revoke_all_credentials.run().await?, None, json)
            });
        }
        local::expect_database(&config.database)?;
        let secret = SecretPlace::of(&config);
        confirm(&question(&config, &secret), yes)?;
        // Other users of the machine can't read the files that are created.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        if config.master_key.is_none() {
            data_dir::prepare(&config.data_dir)?;
        }
        local::run_after_lost_secret(&config, |state| async move {
            let revoked =
                state.application.admin.revoke_all_credentials.run_after_lost_secret().await?;
            show(&revoked, Some(secret), json)
        })
    }
}

/// The location of the new master key. The key itself is never shown.
enum SecretPlace {
    Configured,
    Kept(PathBuf),
    Created(PathBuf),
}

impl SecretPlace {
    fn of(config: &Config) -> Self {
        let file = data_dir::secret_file(config);
        if config.master_key.is_some() {
            Self::Configured
        } else if data_dir::has_secret(config) {
            Self::Kept(file)
        } else {
            Self::Created(file)
        }
    }

    /// Returns the notice for the operator once the secret is in use.
    fn notice(&self) -> String {
        match self {
            Self::Configured => {
                "the configured master key (DOORWARD_MASTER_KEY or DOORWARD_MASTER_KEY_FILE) is in use from now on"
                    .to_owned()
            }
            Self::Kept(file) => format!(
                "the master key in {} is in use from now on: back it up separately from the database",
                file.display()
            ),
            Self::Created(file) => format!(
                "a new master key was created in {}: back it up separately from the database",
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
        SecretPlace::Configured => "the configured master key".to_owned(),
        SecretPlace::Kept(file) => format!("the master key {}", file.display()),
        SecretPlace::Created(file) => format!("a new master key, {}", file.display()),
    };
    format!(
        "Delete all signing keys of {}, revoke all sessions, invalidate all links and invites, and continue with {secret}?",
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
        "{sessions} revoked, {links} invalidated{invites}; new signing key {}; passwords stay valid\n{}",
        revoked.key.kid,
        secret.map(|secret| secret.notice() + "\n").unwrap_or_default()
    ))
}
