//! What is done to a member of an organisation.

use super::organisation::done;
use crate::{
    orgs::update_member::UpdateMemberRequest,
    pages::visit::{Answer, Member},
};

pub(in crate::pages) async fn change_role(Member { visit, caller }: Member) -> Answer {
    let (org, user) = (visit.path("org_id"), visit.path("user_id"));
    let changed = match visit.fields.clone().read::<UpdateMemberRequest>() {
        Ok(input) => {
            let (caller, role) = (caller.clone(), input.role);
            visit
                .run(|app| async move { app.change_role.run(&caller, &org, &user, role).await })
                .await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, changed, "role-changed").await
}

pub(in crate::pages) async fn remove(Member { visit, caller }: Member) -> Answer {
    let (org, user, by) = (visit.path("org_id"), visit.path("user_id"), caller.clone());
    let removed =
        visit.run(|app| async move { app.remove_member.run(&by, &org, &user).await }).await;
    done(&visit, caller, removed, "member-removed").await
}
