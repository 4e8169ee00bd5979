//! Organizations and their members.

pub mod change_role;
pub mod create;
pub mod delete;
pub mod get;
pub mod get_member;
pub mod list;
pub mod list_members;
pub mod remove_member;
pub mod rename;

use self::{
    change_role::ChangeRole, create::CreateOrg, delete::DeleteOrg, get::GetOrg,
    get_member::GetMember, list::ListOrgs, list_members::ListMembers, remove_member::RemoveMember,
    rename::RenameOrg,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub change_role: ChangeRole,
    pub create: CreateOrg,
    pub delete: DeleteOrg,
    pub get: GetOrg,
    pub get_member: GetMember,
    pub list: ListOrgs,
    pub list_members: ListMembers,
    pub remove_member: RemoveMember,
    pub rename: RenameOrg,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            change_role: ChangeRole::new(ports, settings),
            create: CreateOrg::new(ports, settings),
            delete: DeleteOrg::new(ports, settings),
            get: GetOrg::new(ports, settings),
            get_member: GetMember::new(ports, settings),
            list: ListOrgs::new(ports, settings),
            list_members: ListMembers::new(ports, settings),
            remove_member: RemoveMember::new(ports, settings),
            rename: RenameOrg::new(ports, settings),
        }
    }
}
