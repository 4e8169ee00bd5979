use std::error::Error;

use doorward_domain::{account::user::User, org::membership::UserMembership};
use serde_json::{Value, json};
use time::error::Format;

use super::UserArgs;
use crate::cli::{
    local,
    output::{self, BAD, Cell, FAINT, GOOD, WARN},
};

pub(super) fn run(args: UserArgs) -> Result<(), Box<dyn Error>> {
    let UserArgs { name, run } = args;
    local::run(&run.config.load()?, |state| async move {
        let (user, belongings) = state.application.admin.find_user.in_full(&name).await?;
        if run.json {
            let mut shown = as_json(&user)?;
            let orgs = belongings.iter().map(belonging_as_json).collect();
            if let Some(fields) = shown.as_object_mut() {
                fields.insert("orgs".to_owned(), Value::Array(orgs));
            }
            return output::print_json(&shown);
        }
        output::print(&(card(&user)? + &table(&belongings)))
    })
}

fn card(user: &User) -> Result<String, Format> {
    let yes_or_no = |yes: bool| Cell::from(if yes { "yes" } else { "no" });
    let full_name = user.profile.full_name.as_ref().map(|name| name.as_str());
    Ok(output::details(&[
        ("ID", user.id.to_string().into()),
        ("Email", user.email.as_str().into()),
        ("Username", user.username.as_str().into()),
        ("Full name", Cell::optional(full_name)),
        ("State", state(user)),
        ("Administrator", yes_or_no(user.is_platform_admin)),
        ("Password", yes_or_no(user.has_password)),
        ("Created", output::time(user.created_at)?.into()),
        ("Updated", output::time(user.updated_at)?.into()),
        ("Verified", Cell::optional(output::maybe_time(user.verified_at)?)),
        ("Disabled", Cell::optional(output::maybe_time(user.disabled_at)?)),
        ("Last sign-in", Cell::optional(output::maybe_time(user.last_login_at)?)),
    ]))
}

fn table(belongings: &[UserMembership]) -> String {
    if belongings.is_empty() {
        return String::new();
    }
    let row = |belonging: &UserMembership| {
        let UserMembership { org, role, other_members: others, .. } = belonging;
        [
            Cell::styled(org.id.to_string(), FAINT),
            org.name.as_str().into(),
            org.kind.as_str().into(),
            role.as_str().into(),
            others.to_string().into(),
        ]
    };
    let rows: Vec<_> = belongings.iter().map(row).collect();
    format!("\n{}", output::table(["ORGANIZATION", "NAME", "KIND", "ROLE", "OTHER MEMBERS"], &rows))
}

/// Returns a user as JSON.
pub(super) fn as_json(user: &User) -> Result<Value, Format> {
    Ok(json!({
        "user_id": user.id.to_string(),
        "email": user.email.as_str(),
        "username": user.username.as_str(),
        "full_name": user.profile.full_name.as_ref().map(|name| name.as_str()),
        "is_active": user.is_active(),
        "is_verified": user.is_verified(),
        "is_platform_admin": user.is_platform_admin,
        "has_password": user.has_password,
        "created_at": output::time(user.created_at)?,
        "updated_at": output::time(user.updated_at)?,
        "verified_at": output::maybe_time(user.verified_at)?,
        "disabled_at": output::maybe_time(user.disabled_at)?,
        "last_login_at": output::maybe_time(user.last_login_at)?,
    }))
}

fn belonging_as_json(belonging: &UserMembership) -> Value {
    let UserMembership { org, role, other_members: others, .. } = belonging;
    json!({
        "org_id": org.id.to_string(),
        "name": org.name.as_str(),
        "kind": org.kind.as_str(),
        "role": role.as_str(),
        "other_members": others,
    })
}

/// Returns the most important state of a user.
pub(super) fn state(user: &User) -> Cell {
    match (user.is_active(), user.is_verified(), user.is_platform_admin) {
        (false, _, _) => Cell::styled("disabled", BAD),
        (true, false, false) => Cell::styled("unverified", WARN),
        (true, false, true) => Cell::styled("unverified admin", WARN),
        (true, true, true) => Cell::styled("admin", GOOD),
        (true, true, false) => Cell::styled("active", GOOD),
    }
}
