//! `doorward invite`: invites to organizations.

use std::error::Error;

use clap::{Subcommand, builder::PossibleValuesParser};
use doorward_application::invites::create::CreateInviteCommand;
use doorward_domain::{
    InviteId,
    account::email::EmailAddress,
    org::{
        invite::{Invite, InviteWithOrg},
        role::Role,
    },
};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs, org,
    output::{self, Cell, FAINT},
    page::{self, PageArgs},
};
use crate::cli::local;

#[derive(Debug, Subcommand)]
pub(super) enum InviteCommand {
    /// Invite an email address to an organization on behalf of a member who has permission to invite. The running
    /// server sends the email. An existing invite is renewed.
    Create {
        /// The ID of the organization.
        org: String,
        /// The email address to invite.
        email: String,
        /// The member who invites: an ID, email address, or username. The invite is valid only as long as the
        /// member has permission to invite.
        #[arg(long, value_name = "USER")]
        by: String,
        /// The role of the new member.
        #[arg(long, default_value = "member", value_parser = roles())]
        role: String,
        /// Proceed even if the email address of the member who invites is not verified. The account may have been registered
        /// by an attacker.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        run: RunArgs,
    },
    /// List the pending invites of one or all organizations.
    List {
        /// The ID of the organization (default: all organizations).
        org: Option<String>,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Revoke an invite.
    Revoke {
        /// The ID of the organization.
        org: String,
        /// The ID of the invite.
        invite: String,
        #[command(flatten)]
        run: RunArgs,
    },
}

fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new([Role::Member, Role::Admin, Role::Owner].map(Role::as_str))
}

impl InviteCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Create { org, email, by, role, force, run } => {
                let role = Role::parse(&role).ok_or("unknown role")?;
                let email = EmailAddress::parse(&email)?;
                create(&org, (&by, force), CreateInviteCommand { email, role }, run)
            }
            Self::List { org: Some(org), page, run } => list(&org, &page, run),
            Self::List { org: None, page, run } => list_all(&page, run),
            Self::Revoke { org, invite, run } => revoke(&org, &invite, run),
        }
    }
}

fn create(
    org: &str,
    (by, force): (&str, bool),
    command: CreateInviteCommand,
    run: RunArgs,
) -> Result<(), Box<dyn Error>> {
    let org = org::id(org)?;
    local::run(&run.config.load()?, |state| async move {
        let by = state.application.admin.find_user.verified(by, force).await?;
        let invite = state.application.invites.create.on_behalf_of(by.id, org, command).await?;
        if run.json {
            return output::print_json(&as_json(&invite)?);
        }
        let (email, until) = (invite.email.as_str(), output::time(invite.expires_at)?);
        output::print(&format!("Created invite {} for {email}, valid until {until}\n", invite.id))
    })
}

fn list(org: &str, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let (org, request) = (org::id(org)?, page.request::<InviteId>("an invite")?);
    local::run(&run.config.load()?, |state| async move {
        state.application.orgs.get.by_id(org).await?;
        let found = state.application.invites.list.of(org, request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let table = output::table(["ID", "EMAIL", "ROLE", "SENT", "EXPIRES"], &rows);
        output::print(&(table + &page::more(found.next)))
    })
}

fn list_all(page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<InviteId>("an invite")?;
    local::run(&run.config.load()?, |state| async move {
        let found = state.application.invites.list.all(request).await?;
        if run.json {
            let items = found.items.iter().map(as_json_with_org).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row_with_org).collect::<Result<Vec<_>, _>>()?;
        let head = ["ID", "ORG", "ORGANIZATION", "EMAIL", "ROLE", "SENT", "EXPIRES"];
        output::print(&(output::table(head, &rows) + &page::more(found.next)))
    })
}

fn revoke(org: &str, invite: &str, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let org = org::id(org)?;
    let invite: InviteId =
        invite.parse().map_err(|error| format!("INVITE must be the ID of an invite: {error}"))?;
    local::run(&run.config.load()?, |state| async move {
        state.application.invites.revoke.of(org, invite).await?;
        if run.json {
            return output::print_json(&json!({ "invite_id": invite.to_string() }));
        }
        output::print("Invite revoked\n")
    })
}

fn row(invite: &Invite) -> Result<[Cell; 5], Format> {
    Ok([
        Cell::styled(invite.id.to_string(), FAINT),
        invite.email.as_str().into(),
        invite.role.as_str().into(),
        output::time(invite.created_at)?.into(),
        output::time(invite.expires_at)?.into(),
    ])
}

/// Returns a row with all that `invite revoke` requires.
fn row_with_org(found: &InviteWithOrg) -> Result<[Cell; 7], Format> {
    let [id, rest @ ..] = row(&found.invite)?;
    let [email, role, sent, ends] = rest;
    let org = Cell::styled(found.invite.org_id.to_string(), FAINT);
    Ok([id, org, found.org_name.as_str().into(), email, role, sent, ends])
}

fn as_json_with_org(found: &InviteWithOrg) -> Result<Value, Format> {
    let mut value = as_json(&found.invite)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("org_name".to_owned(), found.org_name.as_str().into());
    }
    Ok(value)
}

fn as_json(invite: &Invite) -> Result<Value, Format> {
    Ok(json!({
        "invite_id": invite.id.to_string(),
        "org_id": invite.org_id.to_string(),
        "email": invite.email.as_str(),
        "role": invite.role.as_str(),
        "invited_by": invite.invited_by.to_string(),
        "created_at": output::time(invite.created_at)?,
        "expires_at": output::time(invite.expires_at)?,
    }))
}
