//! `doorward invite`: who was invited into an organisation.

use std::error::Error;

use clap::{Subcommand, builder::PossibleValuesParser};
use doorward_application::create_invite::CreateInviteCommand;
use doorward_domain::{
    InviteId,
    email::EmailAddress,
    invite::{Invite, InviteWithOrg},
    role::Role,
};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs, org,
    output::{self, Cell, FAINT},
    page::{self, PageArgs},
};
use crate::local;

#[derive(Debug, Subcommand)]
pub(super) enum InviteCommand {
    /// Invite an address into an organization, on behalf of a member who may. The running server sends the
    /// mail. An invite that is there already is renewed.
    Create {
        /// The organization's id.
        org: String,
        /// The address.
        email: String,
        /// The member who invites: an id, an e-mail address or a user name. The invite lasts as long as
        /// their right to invite.
        #[arg(long, value_name = "USER")]
        by: String,
        /// The role that the person gets.
        #[arg(long, default_value = "member", value_parser = roles())]
        role: String,
        #[command(flatten)]
        run: RunArgs,
    },
    /// List the pending invites of an organization, or of all.
    List {
        /// The organization's id; without it, the invites of all organizations are listed.
        org: Option<String>,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Take an invite back.
    Revoke {
        /// The organization's id.
        org: String,
        /// The invite's id.
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
            Self::Create { org, email, by, role, run } => {
                let role = Role::parse(&role).ok_or("there is no such role")?;
                let email = EmailAddress::parse(&email)?;
                create(&org, &by, CreateInviteCommand { email, role }, run)
            }
            Self::List { org: Some(org), page, run } => list(&org, &page, run),
            Self::List { org: None, page, run } => list_all(&page, run),
            Self::Revoke { org, invite, run } => revoke(&org, &invite, run),
        }
    }
}

fn create(
    org: &str,
    by: &str,
    command: CreateInviteCommand,
    run: RunArgs,
) -> Result<(), Box<dyn Error>> {
    let org = org::id(org)?;
    local::run(&run.config.load()?, |state| async move {
        let by = state.application.find_user.run(by).await?;
        let invite = state.application.create_invite.on_behalf_of(by.id, org, command).await?;
        if run.json {
            return output::print_json(&as_json(&invite)?);
        }
        let (email, until) = (invite.email.as_str(), output::time(invite.expires_at)?);
        output::print(&format!("{email} is invited until {until}: {}\n", invite.id))
    })
}

fn list(org: &str, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let (org, request) = (org::id(org)?, page.request::<InviteId>("an invite")?);
    local::run(&run.config.load()?, |state| async move {
        state.application.get_org.by_id(org).await?;
        let found = state.application.list_invites.of(org, request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let table = output::table(["ID", "E-MAIL", "ROLE", "SENT", "ENDS"], &rows);
        output::print(&(table + &page::more(found.next)))
    })
}

fn list_all(page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<InviteId>("an invite")?;
    local::run(&run.config.load()?, |state| async move {
        let found = state.application.list_invites.all(request).await?;
        if run.json {
            let items = found.items.iter().map(as_json_with_org).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row_with_org).collect::<Result<Vec<_>, _>>()?;
        let head = ["ID", "ORG", "ORGANIZATION", "EMAIL", "ROLE", "SENT", "ENDS"];
        output::print(&(output::table(head, &rows) + &page::more(found.next)))
    })
}

fn revoke(org: &str, invite: &str, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let org = org::id(org)?;
    let invite: InviteId =
        invite.parse().map_err(|error| format!("INVITE has to be an invite's id: {error}"))?;
    local::run(&run.config.load()?, |state| async move {
        state.application.revoke_invite.of(org, invite).await?;
        if run.json {
            return output::print_json(&json!({ "invite_id": invite.to_string() }));
        }
        output::print("the invite opens nothing any more\n")
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

/// With all that `invite revoke` asks for.
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
