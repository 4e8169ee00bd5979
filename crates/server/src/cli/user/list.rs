use std::error::Error;

use doorward_domain::{
    UserId,
    account::user::{User, UserFilter},
};
use time::error::Format;

use super::show::{self, state};
use crate::cli::{
    RunArgs, local,
    output::{self, Cell, FAINT},
    page::{self, PageArgs},
};

#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// List only users whose email address or username starts with this text.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// List only disabled users.
    #[arg(long)]
    disabled: bool,
    /// List only users whose email address is not verified.
    #[arg(long)]
    unverified: bool,
    /// List only administrators of the whole server.
    #[arg(long)]
    admin: bool,
    #[command(flatten)]
    page: PageArgs,
    #[command(flatten)]
    run: RunArgs,
}

impl ListArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let request = self.page.request::<UserId>("a user")?;
        let filter = UserFilter {
            prefix: self.search,
            disabled: self.disabled,
            unverified: self.unverified,
            platform_admins: self.admin,
        };
        let json = self.run.json;
        local::run(&self.run.config.load()?, |state| async move {
            let found = state.application.admin.list_users.run(&filter, request).await?;
            if json {
                let items = found.items.iter().map(show::as_json).collect::<Result<_, _>>()?;
                return output::print_json(&page::as_json(items, found.next));
            }
            let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
            let head = ["ID", "EMAIL", "NAME", "STATE", "CREATED", "LAST SIGN-IN"];
            output::print(&(output::table(head, &rows) + &page::more(found.next)))
        })
    }
}

fn row(user: &User) -> Result<[Cell; 6], Format> {
    Ok([
        Cell::styled(user.id.to_string(), FAINT),
        user.email.as_str().into(),
        user.username.as_str().into(),
        state(user),
        output::time(user.created_at)?.into(),
        Cell::optional(output::maybe_time(user.last_login_at)?),
    ])
}
