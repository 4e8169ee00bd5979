//! `doorward org`: organizations and their members.

use std::error::Error;

use clap::Subcommand;
use doorward_domain::{
    OrgId, UserId,
    org::{Org, OrgName, membership::Member},
};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs,
    output::{self, Cell, FAINT},
    page::{self, PageArgs},
};
use crate::cli::local;

#[derive(Debug, Subcommand)]
pub(super) enum OrgCommand {
    /// Create an organization.
    Create {
        /// The name of the organization.
        name: String,
        /// The owner: an ID, email address, or username.
        #[arg(long, value_name = "USER")]
        owner: String,
        /// Proceed even if the owner's email address is not verified. The account may have been registered by an attacker,
        /// who would then own the organization.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        run: RunArgs,
    },
    /// List organizations, newest first.
    List {
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Show an organization.
    Show {
        /// The ID of the organization.
        org: String,
        #[command(flatten)]
        run: RunArgs,
    },
    /// List the members of an organization.
    Members {
        /// The ID of the organization.
        org: String,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
}

impl OrgCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Create { name, owner, force, run } => create(&name, &owner, force, run),
            Self::List { page, run } => list(&page, run),
            Self::Show { org, run } => show(&org, run),
            Self::Members { org, page, run } => members(&org, &page, run),
        }
    }
}

/// Parses the ID of an organization.
pub(super) fn id(text: &str) -> Result<OrgId, String> {
    text.parse().map_err(|error| format!("ORG must be the ID of an organization: {error}"))
}

fn create(name: &str, owner: &str, force: bool, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let name = OrgName::parse(name).map_err(|error| format!("the name {error}"))?;
    local::run(&run.config.load()?, |state| async move {
        let owner = state.application.admin.find_user.verified(owner, force).await?;
        let org = state.application.orgs.create.owned_by(owner.id, name).await?.org;
        if run.json {
            return output::print_json(&as_json(&org)?);
        }
        output::print(&format!("Created organization {}: {}\n", org.name.as_str(), org.id))
    })
}

fn list(page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<OrgId>("an organization")?;
    local::run(&run.config.load()?, |state| async move {
        let found = state.application.orgs.list.all(request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let table = output::table(["ID", "NAME", "KIND", "CREATED"], &rows);
        output::print(&(table + &page::more(found.next)))
    })
}

fn show(org: &str, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let id = id(org)?;
    local::run(&run.config.load()?, |state| async move {
        let org = state.application.orgs.get.by_id(id).await?;
        if run.json {
            return output::print_json(&as_json(&org)?);
        }
        output::print(&output::details(&[
            ("id", org.id.to_string().into()),
            ("name", org.name.as_str().into()),
            ("kind", org.kind.as_str().into()),
            ("made", output::time(org.created_at)?.into()),
        ]))
    })
}

fn members(org: &str, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let (id, request) = (id(org)?, page.request::<UserId>("a member")?);
    local::run(&run.config.load()?, |state| async move {
        state.application.orgs.get.by_id(id).await?;
        let found = state.application.orgs.list_members.of(id, request).await?;
        if run.json {
            let items = found.items.iter().map(member_as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(member_row).collect::<Result<Vec<_>, _>>()?;
        let table = output::table(["ID", "EMAIL", "NAME", "ROLE", "JOINED"], &rows);
        output::print(&(table + &page::more(found.next)))
    })
}

fn row(org: &Org) -> Result<[Cell; 4], Format> {
    Ok([
        Cell::styled(org.id.to_string(), FAINT),
        org.name.as_str().into(),
        org.kind.as_str().into(),
        output::time(org.created_at)?.into(),
    ])
}

fn as_json(org: &Org) -> Result<Value, Format> {
    Ok(json!({
        "org_id": org.id.to_string(),
        "name": org.name.as_str(),
        "kind": org.kind.as_str(),
        "created_at": output::time(org.created_at)?,
    }))
}

fn member_row(member: &Member) -> Result<[Cell; 5], Format> {
    Ok([
        Cell::styled(member.user_id.to_string(), FAINT),
        Cell::optional(member.email.as_ref().map(|email| email.as_str())),
        member.username.as_str().into(),
        member.role.as_str().into(),
        output::time(member.joined_at)?.into(),
    ])
}

fn member_as_json(member: &Member) -> Result<Value, Format> {
    Ok(json!({
        "user_id": member.user_id.to_string(),
        "email": member.email.as_ref().map(|email| email.as_str()),
        "username": member.username.as_str(),
        "role": member.role.as_str(),
        "joined_at": output::time(member.joined_at)?,
    }))
}
